"""Reproduces the vectors of this folder in another language, from the text of the design and the RFCs.

Standard library and `cryptography`. Prints one line for each file; exits with 1 at the first difference.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import zlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent


def load(name):
    return json.loads((HERE / (name + ".json")).read_text("utf-8"))


def same(found, expected, what):
    if found != expected:
        raise SystemExit(f"{what}: computed {found!r}, the file has {expected!r}")


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(value):
    """ECMAScript's Number::toString over Python's shortest digits (both are shortest and round-trip)."""
    if isinstance(value, int) and abs(value) < 2**53:
        return str(value)
    value = float(value)
    if value == 0:
        return "0"
    if value < 0:
        return "-" + number(-value)
    mantissa, n = shortest(value)
    k = len(mantissa)
    if k <= n <= 21:
        return mantissa + "0" * (n - k)
    if 0 < n <= 21:
        return mantissa[:n] + "." + mantissa[n:]
    if -6 < n <= 0:
        return "0." + "0" * -n + mantissa
    power = n - 1
    tail = ("+" if power > 0 else "-") + str(abs(power))
    return (mantissa if k == 1 else mantissa[0] + "." + mantissa[1:]) + "e" + tail


def shortest(value):
    """Digits without trailing zeros, and n with value = 0.digits x 10^n."""
    text = repr(value)
    mantissa, _, power = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    n = len(whole) + int(power or 0)
    stripped = digits.lstrip("0")
    n -= len(digits) - len(stripped)
    return stripped.rstrip("0"), n


def jcs(value):
    """RFC 8785."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return string(value)
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, list):
        return "[" + ",".join(jcs(item) for item in value) + "]"
    keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
    return "{" + ",".join(string(key) + ":" + jcs(value[key]) for key in keys) + "}"


def string(text):
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(short.get(c) or ("\\u%04x" % ord(c) if ord(c) < 0x20 else c) for c in text) + '"'


def preimage(domain, value):
    return domain.encode() + b"\0" + jcs(value).encode("utf-8")


def verify(public_key, signature, message):
    Ed25519PublicKey.from_public_bytes(unb64(public_key)).verify(unb64(signature), message)


def check_canonical():
    for case in load("canonical")["cases"]:
        same(jcs(case["value"]), case["canonical"], "canonical")


def check_receipt():
    file = load("receipt")
    key = Ed25519PrivateKey.from_private_bytes(unb64(file["private_key"]))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    same(b64(public), file["public_key"], "public key")
    base32 = base64.b32encode(sha(b"b3iq-node-id-v1\0", public)).decode().lower()
    same("node_" + base32[:26], file["node_id"], "node id")
    for case in file["cases"]:
        message = preimage("b3iq-receipt-v1", case["receipt"])
        same(sha(message).hex(), case["receipt_hash"], "receipt_hash")
        same(b64(key.sign(message)), case["signature_ed25519"], "receipt signature")


def check_router_call():
    file = load("router_call")
    for case in file["cases"]:
        call = case["call"]
        mac = hmac.new(unb64(file["secret"]), preimage("b3iq-router-v1", call), hashlib.sha256).digest()
        same(b64(mac), case["headers"]["x-b3iq-router-signature"], "router signature")
        stated = {key: call[key] for key in ("version", "time_ms", "tunnel_epoch", "counter", "dispatch")}
        same(unb64(case["headers"]["x-b3iq-router-call"]).decode(), jcs(stated), "router call")


def check_node_call():
    file = load("node_call")
    for case in file["cases"]:
        call = dict(case["call"])
        call["time"] = call.pop("time_ms")
        headers = case["headers"]
        verify(file["public_key"], headers["x-b3iq-node-signature"], preimage("b3iq-node-call-v1", call))
        named = [headers["x-b3iq-node-" + name] for name in ("id", "epoch", "seq", "time")]
        same(named, [call["node_id"], str(call["epoch"]), str(call["seq"]), str(call["time"])], "node headers")


def check_enrollment():
    file = load("enrollment")
    statement = file["statement"]
    verify(statement["ed25519_public_key"], file["signature"], preimage("b3iq-enroll-v1", statement))
    key = {name: statement["transport_key"][name] for name in ("key_id", "x25519", "not_before", "not_after")}
    signature = statement["transport_key"]["signature_ed25519"]
    verify(statement["ed25519_public_key"], signature, preimage("b3iq-transport-key-v1", key))
    sealed = file["sealed_secret"]
    recipient = X25519PrivateKey.from_private_bytes(unb64(sealed["recipient_private_key"]))
    wire = unb64(sealed["sealed"])
    ephemeral, own, domain = wire[:32], raw_public(recipient), b"b3iq-sealed-secret-v1"
    shared = recipient.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    salt = sha(domain, b"\0", ephemeral, own)
    secret_key = hkdf(shared, salt, domain + b"\0" + sealed["context"].encode())
    same(b64(ChaCha20Poly1305(secret_key).decrypt(bytes(12), wire[32:], domain)), sealed["secret"], "sealed secret")


def raw_public(private):
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def hkdf(secret, salt, info):
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def lp(field):
    data = field.encode() if isinstance(field, str) else field
    return struct.pack(">H", len(data)) + data


def padded(text, wanted):
    data = text.encode("utf-8")
    size = 256
    while size < len(data):
        size *= 2
    return data.ljust(size, b" ") if wanted else data


def check_envelope():
    version, algorithm = "b3iq-private-transport-v1", "x25519-hkdf-sha256-chacha20poly1305"
    for case in load("envelope")["cases"]:
        client = X25519PrivateKey.from_private_bytes(unb64(case["client_private_key"]))
        node = X25519PrivateKey.from_private_bytes(unb64(case["node_private_key"]))
        node_eph = X25519PrivateKey.from_private_bytes(unb64(case["node_ephemeral_private_key"]))
        client_pub, node_pub, eph_pub = raw_public(client), raw_public(node), raw_public(node_eph)
        context = dict(case["context"], version=version, algorithm=algorithm, direction="request",
                       client_public_key_x25519=b64(client_pub), node_public_key_x25519=b64(node_pub))
        aad = jcs(context).encode("utf-8")
        same(aad.decode(), case["aad"], "aad")
        request, result = case["request"], case["result"]
        same(sha(aad).hex(), request["aad_hash"], "aad_hash")
        shared = client.exchange(node.public_key())
        salt = sha(version.encode() + b"/salt\0", client_pub, node_pub)
        nonce = unb64(request["nonce"])

        def info(direction, own_nonce, context_hash):
            fields = (direction, algorithm, context["key_id"], own_nonce, context_hash)
            return version.encode() + b"\0" + b"".join(lp(field) for field in fields)

        key = hkdf(shared, salt, info("request", nonce, sha(aad)))
        sealed = ChaCha20Poly1305(key).encrypt(nonce, padded(case["request_plaintext"], case["padded"]), aad)
        same(b64(sealed), request["ciphertext"], "request ciphertext")
        same(sha(client_pub, nonce, sealed).hex(), case["envelope_id"], "envelope id")

        header = sha(jcs(dict(case["lease"], request_aad_hash=sha(aad).hex(), node_eph_pub=b64(eph_pub), direction="result")).encode())
        same(header.hex(), result["aad_hash"], "result aad_hash")
        nonce = unb64(result["nonce"])
        second = node_eph.exchange(client.public_key())
        key = hkdf(shared + second, sha(salt, eph_pub), info("result", nonce, header))
        plaintext = padded(case["result_plaintext"], case["padded"])
        chunks = [plaintext[at:at + 16384] for at in range(0, len(plaintext), 16384)] or [b""]
        wire = eph_pub
        for index, chunk in enumerate(chunks):
            own_nonce = (int.from_bytes(nonce, "big") ^ index).to_bytes(12, "big")
            last = b"\1" if index == len(chunks) - 1 else b"\0"
            wire += ChaCha20Poly1305(key).encrypt(own_nonce, chunk, header + struct.pack(">Q", index) + last)
        same(b64(wire), result["ciphertext"], "result ciphertext")


def check_commitments():
    file = load("commitments")
    salt = unb64(file["salt"])
    same(sha(salt, jcs(file["messages"]).encode("utf-8")).hex(), file["request_commitment"], "request_commitment")
    for case in file["answers"]:
        joined = {name: case["answer"].get(name) or None for name in ("content", "reasoning", "tool_calls", "finish_reason")}
        same(sha(salt, jcs(joined).encode("utf-8")).hex(), case["response_commitment"], "response_commitment")


def check_api_keys():
    file = load("api_keys")
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    for case in file["cases"]:
        body, checksum = case["key"][:-6], case["key"][-6:]
        same((body.startswith(case["prefix"]), len(body) - len(case["prefix"])), (True, 43), "key form")
        crc, text = zlib.crc32(body.encode()), ""
        for _ in range(6):
            crc, text = crc // 62, alphabet[crc % 62] + text
        same(text, checksum, "key checksum")
        keyed = hmac.new(bytes.fromhex(file["pepper"]), case["key"].encode(), hashlib.sha256).hexdigest()
        same(keyed, case["keyed_hash"], "keyed hash")


def tree(hashes):
    """RFC 6962, section 2.1."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha(b"\1", tree(hashes[:k]), tree(hashes[k:]))


def path(index, hashes):
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if index < k:
        return path(index, hashes[:k]) + [tree(hashes[k:])]
    return path(index - k, hashes[k:]) + [tree(hashes[:k])]


def subproof(m, hashes, whole):
    if m == len(hashes):
        return [] if whole else [tree(hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m <= k:
        return subproof(m, hashes[:k], whole) + [tree(hashes[k:])]
    return subproof(m - k, hashes[k:], False) + [tree(hashes[:k])]


def vkey(text):
    name, key_id, material = text.split("+", 2)
    data = base64.b64decode(material)
    same(sha(name.encode(), b"\n", data)[:4].hex(), key_id, "key id")
    return name, key_id, data[1:]


def check_log():
    file = load("log")
    receipt = file["receipt"]
    entry = sha(b"b3iq-leaf-v1", bytes.fromhex(receipt["receipt_hash"]), unb64(receipt["signature_ed25519"]))
    same(entry.hex(), file["entry"], "entry")
    key = dict(file["transport_key"]["key"], node_id=file["transport_key"]["node_id"])
    same(sha(preimage("b3iq-transport-leaf-v1", key)).hex(), file["transport_key"]["entry"], "transport key entry")
    payout = file["payout"]
    signed = b"b3iq-payout-leaf-v1\0" + bytes.fromhex(payout["signature"]) + payout["commitment"].encode()
    same(sha(signed).hex(), payout["entry"], "payout entry")
    entries = [sha(file["entry_label"].replace("{index}", str(at)).encode()) for at in range(file["size"])]
    entries[file["index"]] = entry
    leaves = [sha(b"\0", data) for data in entries]
    same(leaves[file["index"]].hex(), file["leaf_hash"], "leaf hash")
    root = tree(leaves)
    same(root.hex(), file["root"], "root")
    old = file["consistency"]
    same(tree(leaves[:old["old_size"]]).hex(), old["old_root"], "old root")
    same([item.hex() for item in subproof(old["old_size"], leaves, True)], old["proof"], "consistency proof")

    log_name, log_id, log_key = vkey(file["verifier_key"])
    witness_name, witness_id, witness_key = vkey(file["witness_key"])
    text = f"{log_name}\n{file['size']}\n{base64.b64encode(root).decode()}\n"
    body, _, lines = file["checkpoint"].rpartition("\n\n")
    same(body + "\n", text, "checkpoint text")
    first, second = [line.split(" ") for line in lines.strip("\n").split("\n")]
    same([first[0], first[1], second[0], second[1]], ["\u2014", log_name, "\u2014", witness_name], "signature lines")
    signature = base64.b64decode(first[2])
    same(signature[:4].hex(), log_id, "log key id")
    Ed25519PublicKey.from_public_bytes(log_key).verify(signature[4:], text.encode())
    stamped = base64.b64decode(second[2])
    same(stamped[:4].hex(), witness_id, "witness key id")
    time = struct.unpack(">Q", stamped[4:12])[0]
    Ed25519PublicKey.from_public_bytes(witness_key).verify(stamped[12:], f"cosignature/v1\ntime {time}\n{text}".encode())

    hashes = [base64.b64encode(item).decode() for item in path(file["index"], leaves)]
    lines = ["c2sp.org/tlog-proof@v1", f"index {file['index']}", *hashes, "", file["checkpoint"]]
    same("\n".join(lines), file["proof"], "proof file")


for name, check in sorted(globals().copy().items()):
    if name.startswith("check_"):
        check()
        print("same:", name[len("check_"):])
