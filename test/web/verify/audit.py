"""
Checks the public log of a gateway, and receipts in it, with nothing of the gateway's code: the standard library, and Ed25519 from
`cryptography`. Written from the description of the formats (design of receipts and log; C2SP signed-note, tlog-tiles, tlog-proof; RFC 6962,
RFC 8785, RFC 9162), not from the program.

    python audit.py GATEWAY_URL FILE_WITH_RECEIPT_HASHES

Prints one line `checked N receipts in a log of M leaves`, or what does not hold, and ends with 1.
"""
import base64
import hashlib
import http.client
import json
import struct
import sys
import urllib.parse

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Invalid(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Invalid(what)


def sha256(data):
    return hashlib.sha256(data).digest()


def b64url(text, length):
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(raw).decode().rstrip("=") == text and len(raw) == length, "base64url is not in its one form")
    return raw


def verify(public_key, signature, message, what):
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        raise Invalid(what) from None


def jcs(value):
    """RFC 8785 for what receipts hold: objects, strings, whole numbers."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(jcs(name) + ":" + jcs(value[name]) for name in names) + "}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    need(isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53, "a value that receipts do not have")
    return str(value)


def no_doubles(pairs):
    need(len({name for name, _ in pairs}) == len(pairs), "a name stands twice")
    return dict(pairs)


# --- the tree (RFC 6962) ---

def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def root_of(leaves):
    """The root by pairing level after level; an odd one goes up as it is."""
    level = list(leaves)
    if not level:
        return sha256(b"")
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + (level[-1:] if len(level) % 2 else [])
    return level[0]


def root_by_path(leaf, index, size, path):
    need(0 <= index < size, "the index lies outside the tree")
    at, last, value = index, size - 1, leaf
    for sibling in path:
        need(last > 0, "the path is too long")
        if at & 1 or at == last:
            value = node_hash(sibling, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        at, last = at >> 1, last >> 1
    need(last == 0, "the path is too short")
    return value


# --- the log (C2SP) ---

class Gateway:
    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        maker = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = maker(parts.hostname, parts.port, timeout=60)

    def get(self, path):
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        need(response.status == 200, f"{path.split('?')[0]} answers {response.status}")
        return body


def read_key(vkey):
    name, key_id, material = vkey.split("+", 2)
    raw = base64.b64decode(material, validate=True)
    need(len(raw) == 33 and raw[0] == 1, "not an Ed25519 key of a log")
    need(sha256(name.encode() + b"\n" + raw)[:4].hex() == key_id, "the key id does not follow from the key")
    return name, bytes.fromhex(key_id), raw[1:]


def open_checkpoint(note, key):
    name, key_id, public_key = key
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    need(origin == name, "the checkpoint is of another log")
    signed = False
    for line in lines.splitlines():
        dash, signer, encoded = line.split(" ")
        need(dash == "\u2014", "a signature line is malformed")
        raw = base64.b64decode(encoded, validate=True)
        if signer == name and raw[:4] == key_id:
            verify(public_key, raw[4:], text.encode(), "the log did not sign the checkpoint")
            signed = True
    need(signed, "the log did not sign the checkpoint")
    return int(size), base64.b64decode(root, validate=True)


def tile_path(index, width):
    digits = f"{index:03d}"
    digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
    groups = [digits[at:at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([f"x{group}" for group in groups[:-1]] + [groups[-1]])
    return path if width == 256 else f"{path}.p/{width}"


def read_entries(gateway, size):
    entries = []
    for index in range(-(-size // 256)):
        width = min(256, size - 256 * index)
        bundle = gateway.get(f"/v1/log/tile/entries/{tile_path(index, width)}")
        at = 0
        while at < len(bundle):
            (length,) = struct.unpack_from(">H", bundle, at)
            entries.append(bundle[at + 2:at + 2 + length])
            at += 2 + length
        need(len(entries) == 256 * index + width, "a bundle holds another number of entries than its width")
    return entries


def check_tiles(gateway, leaves):
    """Every tile of hashes is what the leaves give."""
    level, hashes = 0, leaves
    while hashes:
        for index in range(-(-len(hashes) // 256)):
            part = hashes[256 * index:256 * index + 256]
            served = gateway.get(f"/v1/log/tile/{level}/{tile_path(index, len(part))}")
            need(served == b"".join(part), f"tile {level}/{index} is not what its leaves give")
        hashes = [root_of(hashes[at:at + 256]) for at in range(0, len(hashes) - 255, 256)]
        level += 1


def node_id(public_key):
    digest = sha256(b"b3iq-node-id-v1\x00" + public_key)
    return "node_" + base64.b32encode(digest).decode().lower()[:26]


def check_receipt(gateway, wanted, key, entries):
    evidence = json.loads(gateway.get(f"/v1/receipts/{wanted}"), object_pairs_hook=no_doubles)
    receipt, signature = evidence["receipt"], b64url(evidence["signature_ed25519"], 64)
    preimage = b"b3iq-receipt-v1\x00" + jcs(receipt).encode()
    need(sha256(preimage).hex() == wanted == evidence["receipt_hash"], "the receipt hashes to something else")
    public_key = b64url(evidence["node_key"]["ed25519_public_key"], 32)
    need(node_id(public_key) == receipt["node_id"], "the key is not that of the node")
    verify(public_key, signature, preimage, "the node did not sign the receipt")
    need(receipt["total_tokens"] == receipt["prompt_tokens"] + receipt["completion_tokens"], "the tokens do not add up")
    settled = evidence["settled"]
    if settled:
        price = settled["prompt_tokens"] * int(receipt["prompt_price_wei"]) + settled["completion_tokens"] * int(receipt["completion_price_wei"])
        charged, fee, payout = (int(settled[name]) for name in ("charged_wei", "fee_wei", "payout_wei"))
        need(charged <= price and fee == charged * receipt["fee_bps"] // 10000 and fee + payout == charged, "the figures are not those that were signed")
    proof = gateway.get(f"/v1/receipts/{wanted}/proof").decode()
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index "), "not a proof file")
    index = int(lines[1][6:])
    size, root = open_checkpoint(note, key)
    entry = sha256(b"b3iq-leaf-v1" + bytes.fromhex(wanted) + signature)
    path = [base64.b64decode(line, validate=True) for line in lines[2:]]
    need(root_by_path(leaf_hash(entry), index, size, path) == root, "the path does not lead to the signed root")
    need(evidence["leaf_index"] == index, "lookup and proof name different leaves")
    if index < len(entries):
        need(entries[index] == entry, "the log's entry is another one")


def main(url, file):
    gateway = Gateway(url)
    key = read_key(json.loads(gateway.get("/v1/log/key"))["vkey"])
    size, root = open_checkpoint(gateway.get("/v1/log/checkpoint").decode(), key)
    entries = read_entries(gateway, size)
    leaves = [leaf_hash(entry) for entry in entries]
    need(root_of(leaves) == root, "the entries do not give the signed root")
    check_tiles(gateway, leaves)
    hashes = open(file, encoding="ascii").read().split()
    for wanted in hashes:
        try:
            check_receipt(gateway, wanted, key, entries)
        except Invalid as fault:
            raise Invalid(f"receipt {wanted}: {fault}") from None
    print(f"checked {len(hashes)} receipts in a log of {size} leaves")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Invalid as fault:
        print(f"NOT VALID: {fault}")
        sys.exit(1)
