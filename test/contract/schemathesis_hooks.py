"""What no schema can say, told to Schemathesis: a valid request of these kinds would not be valid to the server.

Signatures, sealed bodies and ids that exist now come from scripts/contract/oracle.ts, which runs beside this.
"""

from __future__ import annotations

import base64
import json
import os
import urllib.request

import requests
import schemathesis
from schemathesis import GenerationMode

FUTURE = "2099-01-01T00:00:00.000Z"
ORACLE = os.environ.get("CONTRACT_ORACLE")


def ask_oracle(path, asked):
    if ORACLE is None:
        return {}
    request = urllib.request.Request(ORACLE + path, data=json.dumps(asked).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        answered = json.loads(answer.read())
    if isinstance(answered, dict) and "failed" in answered:
        raise RuntimeError(f"the oracle could not help: {answered['failed']}")
    return answered


# The operations that it knows something about.
HELPED = set(ask_oracle("/operations", {}))


class NodeSignature(requests.auth.AuthBase):
    """Signs the request as it goes out: the bytes of the body and the path as they are sent."""

    def __call__(self, prepared):
        body = prepared.body or b""
        body = body.encode() if isinstance(body, str) else body
        asked = {"method": prepared.method, "target": prepared.path_url, "body": base64.b64encode(body).decode()}
        prepared.headers.update(ask_oracle("/sign", asked))
        return prepared


schemathesis.auth.set_from_requests(NodeSignature()).apply_to(path_regex="^/v1/node/(?!enrollment)")


class OwnerSession(requests.auth.AuthBase):
    """A session of its own for each logout, which ends it."""

    def __call__(self, prepared):
        prepared.headers.update(ask_oracle("/session", {}))
        return prepared


schemathesis.auth.set_from_requests(OwnerSession()).apply_to(path="/v1/setup/logout")


@schemathesis.deserializer("application/x-ndjson")
def read_lines(context, response):
    """The document describes one line; the surface's own checker looks at every one."""
    return json.loads(response.content.decode().split("\n")[0])


@schemathesis.hook
def before_call(context, case, kwargs):
    """Changes valid requests only; what is meant to be refused stays as it is."""
    if case.meta is not None and case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if case.query:
        # A cursor is valid when this operation gave it out.
        case.query.pop("cursor", None)
        if case.operation.path == "/v1/billing/usage":
            # A window is named by its length or by its ends, and its ends are in order.
            for name in ("from", "to"):
                case.query.pop(name, None)
    for name in ("X-B3IQ-Customer-ID", "X-B3IQ-Customer-Token"):
        # Beside a customer's own key these are mixed credentials; only an operator's key acts for others.
        if case.operation.path == "/v1/chat/completions" and case.headers:
            case.headers.pop(name, None)
    make_body_possible(case.body)
    make_call_possible(case)


def make_call_possible(case):
    """Ids that exist now, bodies that are signed or sealed. Ids that a link brought stay."""
    operation_id = case.operation.definition.raw.get("operationId")
    if operation_id not in HELPED:
        return
    body = case.body if isinstance(case.body, dict) else {}
    possible = ask_oracle("/possible", {"operation_id": operation_id, "body": body})
    linked = case.meta is not None and case.meta.phase.name.value == "stateful"
    if "path" in possible and not linked:
        case.path_parameters = {**(case.path_parameters or {}), **possible["path"]}
    if "body" in possible:
        case.body = possible["body"]


def make_body_possible(body):
    if not isinstance(body, dict):
        return
    # A key cannot expire before it is made.
    if isinstance(body.get("expires_at"), str) and "ed25519_public_key" not in body:
        body["expires_at"] = FUTURE
    for name in body:
        # A default price lies between floor and ceiling.
        if name.startswith(("floor_", "ceiling_")) and name.endswith("_price_wei"):
            body[name] = None
    for policy in (body, body.get("policy")):
        if isinstance(policy, dict) and isinstance(policy.get("spend_caps"), list):
            # Each window has one cap.
            policy["spend_caps"] = list({cap["window_seconds"]: cap for cap in policy["spend_caps"]}.values())
