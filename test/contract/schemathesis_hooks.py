"""What no schema can say, told to Schemathesis: a valid request of these kinds would not be valid to the server."""

from __future__ import annotations

import schemathesis
from schemathesis import GenerationMode

FUTURE = "2099-01-01T00:00:00.000Z"


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
