import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createPeerCheck, signPeerCall } from "../../../../src/core/gateway/nodes/peer_call.ts";
import type { PeerCall } from "../../../../src/core/gateway/nodes/peer_call.ts";
import { renewGatewayLease } from "../../../../src/store/postgres/gateways/leases.ts";
import { sha256Hex } from "../../../../src/core/protocol/bytes/encoding.ts";
import { createPeerConnections } from "../../../../src/tunnel/peer_link.ts";
import { text } from "../../../support/tunnel_pair.ts";
import { DISPATCH, fixture, type Peer, PEER_KEY } from "../../../support/nodes/fixture.ts";
import { testAgent } from "../../../support/nodes/network.ts";
import type { Serve, TestAgent } from "../../../support/nodes/network.ts";

const network = fixture();
const { open, peer } = network;
beforeEach(async () => {
  await network.db.pool.query("delete from gateway_leases");
});

async function attached(to: Peer, serve: Serve): Promise<TestAgent> {
  const node = testAgent(to.at.url, serve, undefined, { audience: to.at.registry.config.public_url });
  open.push(node);
  await node.enrollment.ensureEnrolled();
  node.tunnel.start();
  return node;
}

describe("a relayed call", () => {
  it("reaches the node through the gateway that holds its tunnel, signed for the node, with trailers and back-pressure", async () => {
    const one = await peer("gw_one");
    const two = await peer("gw_two", one.at.url);
    const seen: unknown[] = [];
    const node = await attached(one, async (request, response) => {
      const body = Buffer.from(await text(request));
      seen.push(
        node.tunnel.authenticate({ method: request.method, target: request.url, headers: request.headers, body }),
        String(body),
      );
      response.addTrailers({ "x-b3iq-receipt": "r" });
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let part = 0; part < 50; part++) response.write(Buffer.alloc(20_000, "x"));
      response.end("end");
    });
    const { node_id } = node.disk.record!;
    await vi.waitFor(() => expect(two.calls.get(node_id)).toMatchObject({ kind: "remote", epoch: 1, in_flight: 0 }));
    expect(one.calls.get(node_id)).toMatchObject({ kind: "local" });
    const tunnel = two.calls.get(node_id)!;
    const answer = await tunnel.call({
      path: "/v1/chat/completions",
      body: Buffer.from('{"a":1}'),
      headers: { "content-type": "application/json" },
      dispatch: DISPATCH,
    });
    expect(tunnel.in_flight).toBe(1);
    expect(answer.headers).toMatchObject({ "content-type": "text/event-stream" });
    expect(answer.headers["x-b3iq-peer"]).toBeUndefined();
    expect(await text(answer.body)).toHaveLength(1_000_003);
    expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "r" });
    expect(seen).toMatchObject([{ dispatch: { tunnel_epoch: 1, dispatch: DISPATCH } }, '{"a":1}']);
    await vi.waitFor(() => expect(tunnel.in_flight).toBe(0));
  });

  it("shows a cut answer as cut, and an error answer as it is", async () => {
    const one = await peer("gw_one");
    const two = await peer("gw_two", one.at.url);
    const node = await attached(one, (request, response) => {
      if (request.url === "/busy") return void response.writeHead(503).end("busy");
      response.addTrailers({ "x-b3iq-receipt": "r" });
      response.writeHead(200);
      response.write("part");
      setTimeout(() => response.stream.destroy(new Error("died")), 30);
    });
    const { node_id } = node.disk.record!;
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeDefined());
    const answer = await two.calls.get(node_id)!.call({ path: "/cut", body: Buffer.alloc(0) });
    await expect(text(answer.body)).rejects.toThrow();
    expect(await answer.trailers).toBeUndefined();
    const busy = await two.calls.get(node_id)!.call({ path: "/busy", body: Buffer.alloc(0) });
    expect([busy.status, await text(busy.body)]).toEqual([503, "busy"]);
  });

  it("cancels the job at the node when the gateway that asked goes away", async () => {
    const one = await peer("gw_one");
    const two = await peer("gw_two", one.at.url);
    const cancelled: string[] = [];
    const node = await attached(one, async (request, response) => {
      const body = await text(request);
      if (request.url === "/v1/tunnel/cancel") {
        cancelled.push(body);
        response.end("{}");
        return;
      }
      response.writeHead(200);
      response.write("begun");
    });
    const { node_id } = node.disk.record!;
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeDefined());
    const answer = await two.calls
      .get(node_id)!
      .call({ path: "/v1/chat/completions", body: Buffer.from("{}"), dispatch: DISPATCH });
    await two.calls.close();
    await expect(text(answer.body)).rejects.toThrow();
    await vi.waitFor(() =>
      expect(cancelled).toEqual([JSON.stringify({ job_id: DISPATCH.job_id, fence: DISPATCH.fence })]),
    );
    await vi.waitFor(() => expect(one.at.tunnels.local(node_id)?.in_flight).toBe(0), 4_000);
  });

  it("fails as not sent when the other gateway is dead, and leaves it alone for a while", async () => {
    const one = await peer("gw_one");
    const two = await peer("gw_two", one.at.url);
    const node = await attached(one, (_request, response) => void response.end());
    const { node_id } = node.disk.record!;
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeDefined());
    await one.server.close();
    await expect(two.calls.get(node_id)!.call({ path: "/x", body: Buffer.alloc(0) })).rejects.toMatchObject({
      code: "tunnel_down",
      sent: false,
    });
    expect(two.calls.get(node_id)).toBeUndefined();
    expect(two.at.registry.view(node_id)?.tunnel).toBeNull();
  });

  it("is not owner when the tunnel moved: asked once more after a re-read, never relayed on", async () => {
    const one = await peer("gw_one");
    const two = await peer("gw_two", one.at.url);
    const node = await attached(one, (_request, response) => void response.end("ok"));
    const { node_id } = node.disk.record!;
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeDefined());
    const tunnel = two.calls.get(node_id)!;
    const refresh = vi.spyOn(two.at.registry, "refresh");
    one.at.open.delete(node_id);
    await expect(tunnel.call({ path: "/x", body: Buffer.alloc(0) })).rejects.toMatchObject({
      code: "not_owner",
      sent: false,
    });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("is not offered when the owner's lease ran out or belongs to another process", async () => {
    const one = await peer("gw_one");
    const two = await peer("gw_two", one.at.url);
    const node = await attached(one, (_request, response) => void response.end());
    const { node_id } = node.disk.record!;
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeDefined());
    await network.db.pool.query("update gateway_leases set gateway_epoch = 2 where gateway_id = 'gw_one'");
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeUndefined());
    await network.db.pool.query("update gateway_leases set gateway_epoch = 1 where gateway_id = 'gw_one'");
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeDefined());
    await network.db.pool.query(
      "update gateway_leases set renewed_at = clock_timestamp() - interval '21 seconds' where gateway_id = 'gw_one'",
    );
    await vi.waitFor(() => expect(two.calls.get(node_id)).toBeUndefined());
  });
});

describe("whether a gateway lives", () => {
  it("is asked of the process itself: not of one that is dead, nor of another at its address", async () => {
    const one = await peer("gw_one");
    const two = await peer("gw_two", one.at.url);
    const alive = (gateway_id: string, gateway_epoch = 1) => two.calls.alive({ gateway_id, gateway_epoch });
    await vi.waitFor(async () => expect(two.at.registry.lease("gw_one")).toBeDefined());
    expect([await alive("gw_one"), await alive("gw_two")]).toEqual([true, true]);
    expect([await alive("gw_one", 2), await alive("gw_two", 2)]).toEqual([false, false]);
    expect(await alive("gw_never_seen")).toBe(true);
    await renewGatewayLease(network.db, "gw_gone", 1, one.server.address);
    await vi.waitFor(() => expect(two.at.registry.lease("gw_gone")).toBeDefined());
    expect(await alive("gw_gone")).toBe(false);
    await one.calls.close();
    await one.server.close();
    expect(await alive("gw_one")).toBe(false);
  });
});

describe("attacks on the relay", () => {
  const body = Buffer.from("{}");
  const call = (change: Partial<PeerCall> = {}): PeerCall => ({
    version: 1,
    from: "gw_two",
    from_epoch: 1,
    to: "gw_one",
    to_epoch: 1,
    counter: 1,
    time_ms: Date.now(),
    node_id: "node_" + "a".repeat(26),
    tunnel_epoch: 1,
    method: "POST",
    path: "/v1/chat/completions",
    headers: {},
    body_sha256: sha256Hex(body),
    dispatch: null,
    ...change,
  });
  const check = () => createPeerCheck({ peer_key: PEER_KEY, gateway_id: "gw_one", gateway_epoch: 1, now_ms: Date.now });

  it("are refused each with its code", () => {
    const at = check();
    const signed = signPeerCall(PEER_KEY, call());
    const cases: [string, Record<string, string>, string, string][] = [
      ["no signature", {}, sha256Hex(body), "unauthorized"],
      ["another key", signPeerCall(randomBytes(32), call()), sha256Hex(body), "unauthorized"],
      ["another body", signed, sha256Hex("[]"), "unauthorized"],
      [
        "changed call",
        { ...signed, "x-b3iq-peer-call": signPeerCall(PEER_KEY, call({ path: "/v1/tunnel/job" }))["x-b3iq-peer-call"] },
        sha256Hex(body),
        "unauthorized",
      ],
      ["another gateway", signPeerCall(PEER_KEY, call({ to: "gw_three" })), sha256Hex(body), "not_owner"],
      ["an earlier process", signPeerCall(PEER_KEY, call({ to_epoch: 0 })), sha256Hex(body), "not_owner"],
      ["old", signPeerCall(PEER_KEY, call({ time_ms: Date.now() - 61_000 })), sha256Hex(body), "clock_skew"],
    ];
    for (const [name, headers, hash, code] of cases) expect(at(headers, hash), name).toMatchObject({ ok: false, code });
    expect(at(signed, sha256Hex(body))).toMatchObject({ ok: true, value: { counter: 1 } });
    expect(at(signed, sha256Hex(body))).toMatchObject({ ok: false, code: "replayed_request" });
    expect(at(signPeerCall(PEER_KEY, call({ from: "gw_three" })), sha256Hex(body))).toMatchObject({ ok: true });
  });

  it("a forged call over the wire reaches no node", async () => {
    const one = await peer("gw_one");
    let served = 0;
    const node = await attached(one, (_request, response) => {
      served += 1;
      response.end();
    });
    const { node_id } = node.disk.record!;
    await vi.waitFor(() => expect(one.at.tunnels.local(node_id)).toBeDefined());
    const stranger = createPeerConnections();
    open.push(stranger);
    const headers = signPeerCall(randomBytes(32), call({ node_id }));
    const answer = await stranger.call(one.server.address, {
      method: "POST",
      path: "/v1/peer/call",
      headers,
      body,
      connect_timeout_ms: 2_000,
    });
    expect(answer.status).toBe(401);
    const good = await stranger.call(one.server.address, {
      method: "POST",
      path: "/v1/peer/call",
      headers: signPeerCall(PEER_KEY, call({ node_id })),
      body,
      connect_timeout_ms: 2_000,
    });
    expect(good.status).toBe(200);
    expect(served).toBe(1);
  });
});
