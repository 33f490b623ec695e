import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeIdOf } from "../../../../src/core/protocol/bytes/ids.ts";
import { readNodeClaim, signNodeCall, verifyNodeCall } from "../../../../src/core/protocol/calls/node_call.ts";
import type { NodeCall, NodeCallExpectation } from "../../../../src/core/protocol/calls/node_call.ts";
import { replayWindow } from "../../../../src/core/protocol/calls/replay_window.ts";
import { EMPTY_SHA256, signRouterCall, verifyRouterCall } from "../../../../src/core/protocol/calls/router_call.ts";
import type { RouterCall, RouterExpectation } from "../../../../src/core/protocol/calls/router_call.ts";
import { sha256Hex } from "../../../../src/core/protocol/bytes/encoding.ts";
import { fixedBytes, fixedIdentity, flipBit, node } from "../../../support/protocol_fixtures.ts";

const secret = fixedBytes("router secret").toString("base64url");
const now_ms = 1_795_257_238_000;

const routed: Omit<RouterCall, "version"> = {
  method: "POST",
  path: "/v1/chat/completions",
  body_sha256: sha256Hex("{}"),
  time_ms: now_ms,
  tunnel_epoch: 7,
  counter: 5,
  dispatch: {
    job_id: "job_0123456789abcdefghijklmnop",
    fence: 1,
    model_profile_id: "mp_x",
    prompt_price_wei: "10",
    completion_price_wei: "20",
    fee_bps: 250,
    prompt_bound: 100,
    completion_bound: 200,
    deadline_ms: 600_000,
  },
};

function routerCode(change: Partial<RouterExpectation> = {}, call = routed, key = secret): string {
  const result = verifyRouterCall(key, {
    method: routed.method,
    path: routed.path,
    body_sha256: routed.body_sha256,
    now_ms,
    tunnel_epoch: 7,
    window: replayWindow(),
    headers: signRouterCall(secret, call),
    ...change,
  });
  return result.ok ? "ok" : result.code;
}

describe("router calls", () => {
  test("come out as they were signed", () => {
    const result = verifyRouterCall(secret, {
      ...routed,
      now_ms,
      headers: signRouterCall(secret, routed),
      window: replayWindow(),
    });
    expect(result.ok && result.value).toEqual({ version: 1, ...routed });
    const plain = { ...routed, dispatch: null, body_sha256: EMPTY_SHA256 };
    expect(routerCode({ body_sha256: EMPTY_SHA256 }, plain)).toBe("ok");
  });

  test("are refused for another method, path, body, secret, and without or with foreign headers", () => {
    expect(routerCode({ method: "GET" })).toBe("unauthorized");
    expect(routerCode({ path: "/v1/tunnel/count" })).toBe("unauthorized");
    expect(routerCode({ path: "/v1/chat/completions?x=1" })).toBe("unauthorized");
    expect(routerCode({ body_sha256: sha256Hex("{ }") })).toBe("unauthorized");
    expect(routerCode({}, routed, fixedBytes("other").toString("base64url"))).toBe("unauthorized");
    expect(routerCode({ headers: {} })).toBe("unauthorized");
    const headers = signRouterCall(secret, routed);
    expect(routerCode({ headers: { ...headers, "x-b3iq-router-signature": ["a", "b"] } })).toBe("unauthorized");
    const dearer = signRouterCall(secret, { ...routed, dispatch: { ...routed.dispatch!, prompt_price_wei: "11" } });
    expect(routerCode({ headers: { ...headers, "x-b3iq-router-call": dearer["x-b3iq-router-call"] } })).toBe(
      "unauthorized",
    );
  });

  test("are refused with any bit turned over", () => {
    const headers = signRouterCall(secret, routed);
    for (const name of ["x-b3iq-router-call", "x-b3iq-router-signature"] as const) {
      const bits = Buffer.from(headers[name], "base64url").length * 8;
      for (let bit = 0; bit < bits; bit++) {
        expect(routerCode({ headers: { ...headers, [name]: flipBit(headers[name], bit, "base64url") } })).toBe(
          "unauthorized",
        );
      }
    }
  });

  test("are refused for another epoch, a clock off by more than 60 s, and a second time", () => {
    expect(routerCode({ tunnel_epoch: 8 })).toBe("stale_epoch");
    expect(routerCode({ now_ms: now_ms + 60_000 })).toBe("ok");
    expect(routerCode({ now_ms: now_ms + 60_001 })).toBe("clock_skew");
    expect(routerCode({ now_ms: now_ms - 60_001 })).toBe("clock_skew");
    const window = replayWindow();
    expect(routerCode({ window })).toBe("ok");
    expect(routerCode({ window })).toBe("replayed_request");
  });

  test("that are refused do not use up a counter", () => {
    const window = replayWindow();
    expect(routerCode({ window, method: "GET" })).toBe("unauthorized");
    expect(routerCode({ window, tunnel_epoch: 9 })).toBe("stale_epoch");
    expect(routerCode({ window, now_ms: 0 })).toBe("clock_skew");
    expect(routerCode({ window })).toBe("ok");
  });
});

describe("the replay window", () => {
  test("takes each number once, in any order within the window, as a set would", () => {
    // Mostly a walk upwards with steps back, so that slots of the window are used again and again.
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 9 })), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 4, 8, 64), (walk, size) => {
        const window = replayWindow(size);
        const seen = new Set<number>();
        let highest = 0;
        for (const [up, back] of walk) {
          const number = highest + up - back;
          const fresh = number >= 1 && !seen.has(number) && number > highest - size;
          expect(window.isFresh(number)).toBe(fresh);
          expect(window.accept(number)).toBe(fresh);
          if (fresh) seen.add(number);
          highest = Math.max(highest, fresh ? number : 0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("forgets nothing after a leap", () => {
    const window = replayWindow();
    for (const number of [1, 2, 1_000_000, 999_000]) expect(window.accept(number)).toBe(true);
    for (const number of [1, 2, 3, 1_000_000, 999_000, 998_976, 0, 1.5, NaN, 2 ** 53])
      expect(window.accept(number)).toBe(false);
    expect(window.accept(998_977)).toBe(true);
  });
});

describe("node calls", () => {
  const call: NodeCall = {
    method: "POST",
    path: "/v1/node/commands/poll?wait=25",
    body_sha256: sha256Hex("{}"),
    node_id: nodeIdOf(node.public_key),
    epoch: 3,
    seq: 9,
    time_ms: now_ms,
  };
  const expected: NodeCallExpectation = {
    method: call.method,
    path: call.path,
    body_sha256: call.body_sha256,
    public_key: node.public_key,
    now_ms,
    epoch: 3,
    last_seq: 8,
  };

  function code(
    change: Partial<NodeCallExpectation> = {},
    headers: Record<string, string> = signNodeCall(call, node.private_key),
  ): string {
    const claim = readNodeClaim(headers);
    if (!claim.ok) return claim.code;
    const result = verifyNodeCall(claim.value, { ...expected, ...change });
    return result.ok ? "ok" : result.code;
  }

  test("come out as they were signed", () => {
    const claim = readNodeClaim(signNodeCall(call, node.private_key));
    const result = claim.ok && verifyNodeCall(claim.value, expected);
    expect(result && result.ok && result.value).toEqual(call);
  });

  test("each kind of misuse has its code", () => {
    expect(code({ method: "GET" })).toBe("invalid_signature");
    expect(code({ path: "/v1/node/commands/poll" })).toBe("invalid_signature");
    expect(code({ body_sha256: EMPTY_SHA256 })).toBe("invalid_signature");
    expect(code({ public_key: fixedIdentity("clone").public_key })).toBe("invalid_signature");
    expect(code({ now_ms: now_ms + 60_001 })).toBe("clock_skew");
    expect(code({ now_ms: now_ms - 60_001 })).toBe("clock_skew");
    expect(code({ epoch: 4 })).toBe("stale_epoch");
    expect(code({ epoch: 2 })).toBe("stale_epoch");
    expect(code({ last_seq: 9 })).toBe("replayed_request");
    expect(code({ last_seq: 100 })).toBe("replayed_request");
  });

  test("each header is signed", () => {
    const headers: Record<string, string> = signNodeCall(call, node.private_key);
    for (const [name, value] of Object.entries({
      "x-b3iq-node-id": nodeIdOf(fixedIdentity("other").public_key),
      "x-b3iq-node-epoch": "4",
      "x-b3iq-node-seq": "10",
      "x-b3iq-node-time": String(now_ms + 1),
    }))
      expect(code({ epoch: Number(name.endsWith("epoch") ? value : 3) }, { ...headers, [name]: value })).toBe(
        "invalid_signature",
      );
    for (let bit = 0; bit < 512; bit++) {
      const altered = flipBit(headers["x-b3iq-node-signature"]!, bit, "base64url");
      expect(code({}, { ...headers, "x-b3iq-node-signature": altered })).toBe("invalid_signature");
    }
  });

  test("are unauthorized when a header is missing or malformed", () => {
    const headers: Record<string, string> = signNodeCall(call, node.private_key);
    for (const name of Object.keys(headers)) {
      for (const value of ["", "x", "-1", "01", "1.5", "99999999999999999", `${headers[name]!} `]) {
        expect(code({}, { ...headers, [name]: value })).toBe("unauthorized");
      }
      const { [name]: _, ...rest } = headers;
      expect(code({}, rest)).toBe("unauthorized");
    }
  });
});
