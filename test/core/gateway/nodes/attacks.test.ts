import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { replayWindow } from "../../../../src/core/protocol/calls/replay_window.ts";
import { generateIdentity } from "../../../../src/core/protocol/bytes/ed25519.ts";
import { sha256Hex, toBase64url } from "../../../../src/core/protocol/bytes/encoding.ts";
import { signEnrollment } from "../../../../src/core/protocol/calls/enrollment_proof.ts";
import { signNodeCall } from "../../../../src/core/protocol/calls/node_call.ts";
import type { NodeCall } from "../../../../src/core/protocol/calls/node_call.ts";
import { signRouterCall } from "../../../../src/core/protocol/calls/router_call.ts";
import { mintTransportKey } from "../../../../src/core/protocol/envelope/transport_key.ts";
import { generateTransportPair } from "../../../../src/core/protocol/bytes/x25519.ts";
import { createRouterCheck } from "../../../../src/core/host/chat/router_check.ts";
import { createServerClock } from "../../../../src/core/host/gateway_link/server_clock.ts";
import { testDatabase } from "../../../support/database.ts";
import type { TestDatabase } from "../../../support/database.ts";
import { heartbeatBody, testAgent, testGateway } from "../../../support/nodes/network.ts";
import type { Disk, Serve, TestAgent, TestGateway } from "../../../support/nodes/network.ts";

const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];
const quiet: Serve = (_request, response) => void response.end();

let db: TestDatabase;
let at: TestGateway;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  at = await testGateway(db);
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await at.close();
});
afterAll(async () => {
  await db.drop();
});

function agent(disk?: Disk): TestAgent {
  const made = testAgent(at.url, quiet, disk);
  open.push(made);
  return made;
}

describe("attacks on node calls", () => {
  async function enrolled() {
    const node = agent();
    const { node_id } = await node.enrollment.ensureEnrolled();
    let seq = 0;
    const path = "/v1/node/heartbeats";
    const body = Buffer.from(JSON.stringify(heartbeatBody()));
    const signed = (change: Partial<NodeCall> = {}, key = node.disk.identity.private_key) =>
      signNodeCall(
        {
          method: "POST",
          path,
          body_sha256: sha256Hex(body),
          node_id,
          epoch: node.disk.epoch,
          seq: (seq += 1),
          time_ms: Date.now(),
          ...change,
        },
        key,
      );
    const send = (headers: Record<string, string>, change: { method?: string; path?: string; body?: Buffer } = {}) =>
      at.registry.authenticate(headers, change.method ?? "POST", change.path ?? path, sha256Hex(change.body ?? body));
    return { node, node_id, body, signed, send };
  }

  it("replay: the same call twice, at this or at another gateway", async () => {
    const { signed, send } = await enrolled();
    const other = await testGateway(db, { gateway_id: "gw_other" });
    open.push(other);
    const call = signed();
    await send(call);
    await expect(send(call)).rejects.toMatchObject({ code: "replayed_request" });
    await expect(
      other.registry.authenticate(call, "POST", "/v1/node/heartbeats", sha256Hex(JSON.stringify(heartbeatBody()))),
    ).rejects.toMatchObject({ code: "replayed_request" });
  });

  it("replay: of a hundred equal calls at once, one is taken", async () => {
    const { signed, send } = await enrolled();
    const call = signed();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => send(call)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("reorder: an earlier call after a later one", async () => {
    const { signed, send } = await enrolled();
    const [first, second] = [signed(), signed()];
    await send(second);
    await expect(send(first)).rejects.toMatchObject({ code: "replayed_request" });
  });

  it("tamper: body, path, method, or any header", async () => {
    const { signed, send, node_id } = await enrolled();
    const stranger = generateIdentity();
    const cases: [string, () => Promise<unknown>, string][] = [
      ["body", () => send(signed(), { body: Buffer.from("{}") }), "invalid_signature"],
      ["path", () => send(signed(), { path: "/v1/node/receipts" }), "invalid_signature"],
      ["query", () => send(signed(), { path: "/v1/node/heartbeats?x=1" }), "invalid_signature"],
      ["method", () => send(signed(), { method: "PUT" }), "invalid_signature"],
      ["epoch", () => send({ ...signed(), "x-b3iq-node-epoch": "7" }), "invalid_signature"],
      ["seq", () => send({ ...signed(), "x-b3iq-node-seq": "99" }), "invalid_signature"],
      ["time", () => send({ ...signed(), "x-b3iq-node-time": String(Date.now() + 1) }), "invalid_signature"],
      ["key", () => send(signed({}, stranger.private_key)), "invalid_signature"],
      [
        "signature",
        () => send({ ...signed(), "x-b3iq-node-signature": toBase64url(randomBytes(64)) }),
        "invalid_signature",
      ],
      ["unknown node", () => send(signed({ node_id: "node_" + "a".repeat(26) })), "unauthorized"],
      ["no headers", () => send({}), "unauthorized"],
      ["no seq", () => send({ ...signed(), "x-b3iq-node-seq": "-1" }), "unauthorized"],
    ];
    for (const [name, attempt, code] of cases) await expect(attempt(), name).rejects.toMatchObject({ code });
    expect(at.registry.view(node_id)?.last_seen_age_ms ?? null).toBeNull();
  });

  it("an old or future time: clock_skew with the offset and the server's time", async () => {
    const { signed, send } = await enrolled();
    const error = (await send(signed({ time_ms: Date.now() - 90_000 })).catch((caught: unknown) => caught)) as {
      code: string;
      detail: Record<string, number>;
      headers: Record<string, string>;
    };
    expect(error.code).toBe("clock_skew");
    expect(error.detail["clock_offset_ms"]! / 1000).toBeCloseTo(90, 0);
    expect(Math.abs(Number(error.headers["x-b3iq-server-time"]) - Date.now())).toBeLessThan(5_000);
    await expect(send(signed({ time_ms: Date.now() + 90_000 }))).rejects.toMatchObject({ code: "clock_skew" });
  });

  it("stale epoch: a call of the time before the newest tunnel", async () => {
    const { node, node_id, signed, send } = await enrolled();
    const before = signed();
    node.tunnel.start();
    await vi.waitFor(() => expect(at.tunnels.local(node_id)?.epoch).toBe(1));
    await expect(send(before)).rejects.toMatchObject({ code: "stale_epoch" });
  });

  it("a retired node's calls, and its enrollment again", async () => {
    const { node, node_id, signed, send } = await enrolled();
    await db.pool.query("update nodes set status = 'retired' where node_id = $1", [node_id]);
    await at.registry.refresh();
    await expect(send(signed())).rejects.toMatchObject({ code: "unauthorized" });
    await expect(node.enrollment.enroll()).rejects.toMatchObject({ code: "unauthorized" });
  });
});

describe("attacks on the tunnel's opening", () => {
  it("clone: a copy of the disk opens a tunnel; the original is refused from then on, until its owner enrolls it again", async () => {
    const original = agent();
    const { node_id } = await original.enrollment.ensureEnrolled();
    original.tunnel.start();
    await vi.waitFor(() => expect(at.tunnels.local(node_id)?.epoch).toBe(1));
    await original.client.call("publishHeartbeat", { body: heartbeatBody() });
    const copy = agent(structuredClone(original.disk));
    copy.tunnel.start();
    await vi.waitFor(() => expect(copy.tunnel.state()).toEqual({ state: "open", epoch: 2, protocol_version: 1 }));
    await copy.client.call("publishHeartbeat", { body: heartbeatBody() });
    await vi.waitFor(() => expect(original.tunnel.state()).toMatchObject({ state: "waiting", code: "stale_epoch" }));
    await expect(original.client.call("publishHeartbeat", { body: heartbeatBody() })).rejects.toMatchObject({
      code: "stale_epoch",
    });

    await original.enrollment.enroll();
    await vi.waitFor(() => expect(original.tunnel.state()).toEqual({ state: "open", epoch: 3, protocol_version: 1 }));
    await vi.waitFor(() => expect(copy.tunnel.state()).toMatchObject({ code: "stale_epoch" }));
    await expect(copy.client.call("publishHeartbeat", { body: heartbeatBody() })).rejects.toMatchObject({
      code: "stale_epoch",
    });
  });

  it("lost answer: an opening whose 101 never arrived can be asked for again, with a higher sequence only", async () => {
    const node = agent();
    const { node_id } = await node.enrollment.ensureEnrolled();
    const path = "/v1/node/tunnel?protocol_version=1&agent_version=0.1.0";
    const first = node.client.sign("GET", path, Buffer.alloc(0));
    expect(await upgrade(at.url, path, first)).toMatchObject({ status: 101, epoch: "1" });
    expect(await upgrade(at.url, path, first)).toMatchObject({ status: 401, code: "replayed_request" });
    expect(await upgrade(at.url, path, node.client.sign("GET", path, Buffer.alloc(0)))).toMatchObject({
      status: 101,
      epoch: "2",
    });
    node.disk.epoch = 2;
    await node.client.call("publishHeartbeat", { body: heartbeatBody() });
    node.disk.epoch = 0;
    expect(await upgrade(at.url, path, node.client.sign("GET", path, Buffer.alloc(0)))).toMatchObject({
      status: 401,
      code: "stale_epoch",
    });
    await at.registry.refresh();
    expect(at.registry.view(node_id)?.epoch).toBe(2);
  });

  it("downgrade: another protocol version than was signed, or one that is not served", async () => {
    const node = agent();
    await node.enrollment.ensureEnrolled();
    const path = (version: number) => `/v1/node/tunnel?protocol_version=${version}&agent_version=0.1.0`;
    expect(await upgrade(at.url, path(2), node.client.sign("GET", path(1), Buffer.alloc(0)))).toMatchObject({
      status: 401,
      code: "invalid_signature",
    });
    expect(await upgrade(at.url, path(0), node.client.sign("GET", path(0), Buffer.alloc(0)))).toMatchObject({
      status: 426,
      code: "upgrade_required",
    });
  });

  it("an upgrade that a proxy stripped is answered with what the proxy must be told", async () => {
    const answer = await fetch(`${at.url}/v1/node/tunnel?protocol_version=1&agent_version=0.1.0`);
    expect(answer.status).toBe(426);
    expect(await answer.text()).toContain("proxy_set_header Upgrade $http_upgrade");
  });

  it("a database that hangs keeps no caller's connection", async () => {
    const hurried = await testGateway(db, { tunnels: { opening_timeout_ms: 300 } });
    open.push(hurried);
    const node = testAgent(hurried.url, quiet);
    open.push(node);
    await node.enrollment.ensureEnrolled();
    const path = "/v1/node/tunnel?protocol_version=1&agent_version=0.1.0";
    const ask = () => upgrade(hurried.url, path, node.client.sign("GET", path, Buffer.alloc(0)));
    const other = await db.pool.connect();
    await other.query("begin; lock table nodes in access exclusive mode");
    try {
      expect(await ask()).toMatchObject({ status: 503, code: "database_unavailable" });
    } finally {
      await other.query("rollback");
      other.release();
    }
    await vi.waitFor(async () => expect((await ask()).status).toBe(101));
  });

  it("no signature, or that of another node", async () => {
    const [one, two] = [agent(), agent()];
    await one.enrollment.ensureEnrolled();
    await two.enrollment.ensureEnrolled();
    const path = "/v1/node/tunnel?protocol_version=1&agent_version=0.1.0";
    expect(await upgrade(at.url, path, {})).toMatchObject({ status: 401, code: "unauthorized" });
    const mixed = { ...one.client.sign("GET", path, Buffer.alloc(0)), "x-b3iq-node-id": two.disk.record!.node_id };
    expect(await upgrade(at.url, path, mixed)).toMatchObject({ status: 401, code: "invalid_signature" });
  });
});

describe("attacks on enrollment", () => {
  type Forged = Partial<Parameters<typeof signEnrollment>[0]>;
  const versions = { protocol_version: 1, agent_version: "0.1.0" };

  async function statement(identity = generateIdentity(), change: Forged = {}) {
    const challenge = await at.registry.challenge({ ed25519_public_key: identity.public_key, ...versions });
    const { key } = mintTransportKey(identity.private_key, Date.now());
    const signed = {
      audience: challenge.audience,
      nonce: challenge.nonce,
      expires_at: challenge.expires_at,
      ed25519_public_key: identity.public_key,
      transport_key: key,
      router_secret_public_key: generateTransportPair().public_key,
      protocol_version: 1,
      ...change,
    };
    const { x25519, ...rest } = signed.transport_key;
    return {
      ...signed,
      agent_version: "0.1.0",
      transport_key: { ...rest, x25519_public_key: x25519 },
      signature_ed25519: signEnrollment(signed, identity.private_key),
    };
  }

  it("a nonce is good once, also for two at the same time", async () => {
    const input = await statement();
    const outcomes = await Promise.allSettled([at.registry.enroll(input), at.registry.enroll(input)]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(at.registry.enroll(input)).rejects.toMatchObject({ code: "challenge_expired" });
  });

  it("a nonce is good for the identity that asked, and for five minutes", async () => {
    const theirs = await at.registry.challenge({ ed25519_public_key: generateIdentity().public_key, ...versions });
    await expect(
      at.registry.enroll(await statement(undefined, { nonce: theirs.nonce, expires_at: theirs.expires_at })),
    ).rejects.toMatchObject({ code: "challenge_expired" });
    const late = await statement();
    await db.pool.query(
      "update enrollment_challenges set expires_at = clock_timestamp() - interval '1 second' where used_at is null",
    );
    await expect(at.registry.enroll(late)).rejects.toMatchObject({ code: "challenge_expired" });
    await expect(
      at.registry.enroll(await statement(undefined, { expires_at: "2020-01-01T00:00:00Z" })),
    ).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("wrong audience: a signature for another network, refused by both sides", async () => {
    await expect(
      at.registry.enroll(await statement(undefined, { audience: "https://other.example" })),
    ).rejects.toMatchObject({ code: "unauthorized" });
    const relaying = await testGateway(db, { public_url: "https://victim.example", gateway_id: "gw_relaying" });
    open.push(relaying);
    const lured = testAgent(relaying.url, quiet);
    open.push(lured);
    await expect(lured.enrollment.ensureEnrolled()).rejects.toThrow(/calls itself by another address/);
  });

  it("a changed statement, a foreign signature", async () => {
    const input = await statement();
    for (const change of [
      { router_secret_public_key: generateTransportPair().public_key },
      { protocol_version: 2 },
      { signature_ed25519: toBase64url(randomBytes(64)) },
    ]) {
      await expect(at.registry.enroll({ ...input, ...change }), Object.keys(change)[0]).rejects.toMatchObject({
        code: "invalid_signature",
      });
    }
    await expect(at.registry.enroll({ ...input, protocol_version: 0 })).rejects.toMatchObject({
      code: "upgrade_required",
    });
    const other = await statement();
    await expect(at.registry.enroll({ ...input, transport_key: other.transport_key })).rejects.toMatchObject({
      code: "invalid_signature",
    });
    expect((await at.registry.enroll(input)).status).toBe("active");
  });

  it("identity keys of small order and in other than their canonical form", async () => {
    for (const hex of SMALL_ORDER) {
      for (const top of [0, 0x80]) {
        const bytes = Buffer.from(hex, "hex");
        bytes[31] = bytes[31]! | top;
        const ed25519_public_key = toBase64url(bytes);
        await expect(at.registry.challenge({ ed25519_public_key, ...versions }), hex).rejects.toMatchObject({
          code: "invalid_request",
        });
        const input = { ...(await statement()), ed25519_public_key };
        await expect(at.registry.enroll(input), hex).rejects.toMatchObject({ code: "invalid_request" });
      }
    }
  });

  it("a router key of small order; the challenge stays good", async () => {
    const identity = generateIdentity();
    const weak = await statement(identity, { router_secret_public_key: toBase64url(Buffer.alloc(32)) });
    await expect(at.registry.enroll(weak)).rejects.toMatchObject({
      code: "invalid_request",
      param: "router_secret_public_key",
    });
    const { rows } = await db.pool.query(
      "select 1 from nodes join node_keys using (node_id) where ed25519_public_key = $1",
      [identity.public_key],
    );
    expect(rows).toEqual([]);
  });

  it("the router secret is not readable in the database", async () => {
    const node = agent();
    const record = await node.enrollment.ensureEnrolled();
    const { rows } = await db.pool.query<{ router_secret_wrapped: Buffer }>(
      "select router_secret_wrapped from nodes where node_id = $1",
      [record.node_id],
    );
    const secret = Buffer.from(record.router_secret, "base64url");
    expect(rows[0]!.router_secret_wrapped.includes(secret)).toBe(false);
    expect(at.registry.wrapping.unwrap(rows[0]!.router_secret_wrapped, record.node_id).equals(secret)).toBe(true);
    expect(() => at.registry.wrapping.unwrap(rows[0]!.router_secret_wrapped, "node_" + "b".repeat(26))).toThrow();
  });
});

describe("attacks on the agent's routed path", () => {
  const secret = toBase64url(randomBytes(32));
  const call = (change: object = {}, key = secret) =>
    signRouterCall(key, {
      method: "POST",
      path: "/v1/chat/completions",
      body_sha256: sha256Hex("{}"),
      time_ms: Date.now(),
      tunnel_epoch: 4,
      counter: 1,
      dispatch: null,
      ...change,
    });
  const received = (headers: Record<string, string>, change: object = {}) => ({
    method: "POST",
    target: "/v1/chat/completions",
    headers,
    body: Buffer.from("{}"),
    ...change,
  });

  it("are refused each with its code", () => {
    const check = createRouterCheck({ clock: createServerClock() });
    expect(() => check.authenticate(received(call()))).toThrow(expect.objectContaining({ code: "stale_epoch" }));
    check.open(4, secret);
    const cases: [string, () => unknown, string][] = [
      ["no signature", () => check.authenticate(received({})), "unauthorized"],
      ["another secret", () => check.authenticate(received(call({}, toBase64url(randomBytes(32))))), "unauthorized"],
      ["body", () => check.authenticate(received(call(), { body: Buffer.from("[]") })), "unauthorized"],
      ["path", () => check.authenticate(received(call(), { target: "/v1/tunnel/cancel" })), "unauthorized"],
      ["method", () => check.authenticate(received(call(), { method: "GET" })), "unauthorized"],
      ["epoch", () => check.authenticate(received(call({ tunnel_epoch: 3 }))), "stale_epoch"],
      ["old", () => check.authenticate(received(call({ time_ms: Date.now() - 61_000 }))), "clock_skew"],
    ];
    for (const [name, attempt, code] of cases) expect(attempt, name).toThrow(expect.objectContaining({ code }));
    const good = received(call());
    expect(check.authenticate(good)).toMatchObject({ dispatch: { counter: 1, tunnel_epoch: 4 } });
    expect(() => check.authenticate(good)).toThrow(expect.objectContaining({ code: "replayed_request" }));
    check.close(4);
    expect(() => check.authenticate(received(call({ counter: 2 })))).toThrow(
      expect.objectContaining({ code: "stale_epoch" }),
    );
    expect(replayWindow().isFresh(0)).toBe(false);
  });

  it("serves through the old and the new tunnel while it moves, each with its own counter and secret", () => {
    const check = createRouterCheck({ clock: createServerClock() });
    const renewed = toBase64url(randomBytes(32));
    check.open(4, secret);
    check.open(5, renewed);
    expect(check.authenticate(received(call({ counter: 9 }))).dispatch.tunnel_epoch).toBe(4);
    expect(check.authenticate(received(call({ tunnel_epoch: 5 }, renewed))).dispatch.tunnel_epoch).toBe(5);
    expect(() => check.authenticate(received(call({ tunnel_epoch: 5, counter: 2 })))).toThrow(
      expect.objectContaining({ code: "unauthorized" }),
    );
  });
});

type Upgraded = { status: number; epoch?: string | undefined; code?: string | undefined };

/** Asks for a tunnel and hangs up. */
function upgrade(url: string, path: string, headers: Record<string, string>): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { headers: { ...headers, connection: "Upgrade", upgrade: "b3iq-h2" } });
    sent.on("error", reject);
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: 101, epoch: response.headers["x-b3iq-node-epoch"] as string });
    });
    sent.on("response", (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode!, code: (JSON.parse(body) as { error: { code: string } }).error.code }),
      );
    });
    sent.end();
  });
}
