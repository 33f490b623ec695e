"""Checks one receipt with nothing but the Python standard library: RECEIPT.json (GET /v1/receipts/{hash}) NODE.json (GET /v1/public/nodes/{id}).

Written from the documentation alone (docs of the receipt, RFC 8785, RFC 8032 section 5.1). Prints what it found, or the reason of the
refusal with exit status 1.
"""
import base64
import hashlib
import json
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def decompress(encoded):
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        raise ValueError("point is not canonical")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise ValueError("point is not on the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(one, other):
    """In extended coordinates (RFC 8032 section 5.1.4): x = X/Z, y = Y/Z, xy = T/Z."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    for bit in bin(scalar)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def equal(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    a, r = decompress(public_key), decompress(signature[:32])
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return equal(multiply(s, BASE), add(r, multiply(h, a)))


def bytes_of(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check(found, node):
    receipt = found["receipt"]
    for value in receipt.values():
        assert isinstance(value, (str, int)) and not isinstance(value, bool), "a receipt has texts and whole numbers only"
    # RFC 8785 for such an object with ASCII names: sorted, without spaces, texts in UTF-8.
    preimage = b"b3iq-receipt-v1\0" + json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(preimage).hexdigest() == found["receipt_hash"], "the hash is not the receipt's"
    assert node["node_id"] == receipt["node_id"] == found["node_id"], "the receipt names another node"
    keys = [bytes_of(key["ed25519_public_key"]) for key in node["keys"]]
    signature = bytes_of(found["signature_ed25519"])
    assert any(verify(key, preimage, signature) for key in keys), "the signature is not of a key of this node"
    named = base64.b32encode(hashlib.sha256(b"b3iq-node-id-v1\0" + keys[0]).digest()).decode().lower()[:26]
    assert node["node_id"] == "node_" + named, "the node's id is not that of its first key"
    assert receipt["total_tokens"] == receipt["prompt_tokens"] + receipt["completion_tokens"], "the totals do not add up"
    settled = found["settled"]
    charged = settled["prompt_tokens"] * int(receipt["prompt_price_wei"]) + settled["completion_tokens"] * int(receipt["completion_price_wei"])
    assert charged == int(settled["charged_wei"]), "the charge is not price times usage"
    fee = charged * receipt["fee_bps"] // 10000
    assert (fee, charged - fee) == (int(settled["fee_wei"]), int(settled["payout_wei"])), "fee and payout are not of the charge"
    return {"charged_wei": str(charged), "receipt_hash": found["receipt_hash"], "status": found["status"]}


if __name__ == "__main__":
    try:
        documents = [json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3]]
        print(json.dumps(check(*documents)))
    except (AssertionError, ValueError) as reason:
        print(reason)
        sys.exit(1)
