import { createServer } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../../src/core/errors.ts";
import { createHeartbeats } from "../../../../src/core/host/gateway_link/heartbeat.ts";
import { forwarder, listen, text } from "../../../support/tunnel_pair.ts";
import { DISPATCH, fixture } from "../../../support/nodes/fixture.ts";
import { heartbeatBody, log, newDisk, testAgent, testGateway } from "../../../support/nodes/network.ts";
import type { GatewayOptions, Serve, TestAgent, TestGateway } from "../../../support/nodes/network.ts";

const network = fixture();
const { open } = network;

async function gateway(options: GatewayOptions = {}): Promise<TestGateway> {
  const made = await testGateway(network.db, options);
  open.push(made);
  return made;
}

function agent(...args: Parameters<typeof testAgent>): TestAgent {
  const made = testAgent(...args);
  open.push(made);
  return made;
}

describe("a node's way into the network", () => {
  it("enrolls, opens a tunnel, serves a signed dispatch, and is seen with its profiles", async () => {
    const at = await gateway();
    const seen: unknown[] = [];
    const serve: Serve = async (request, response) => {
      const body = Buffer.from(await text(request));
      seen.push(
        node.tunnel.authenticate({ method: request.method, target: request.url, headers: request.headers, body }),
      );
      response.addTrailers({ "x-b3iq-receipt": "r" });
      response.end("answer");
    };
    const node = agent(at.url, serve);
    const record = await node.enrollment.ensureEnrolled();
    expect(await node.enrollment.ensureEnrolled()).toBe(record);
    node.tunnel.start();
    await vi.waitFor(() => expect(at.tunnels.local(record.node_id)).toBeDefined());
    expect(node.tunnel.state()).toEqual({ state: "open", epoch: 1, protocol_version: 1 });
    const beats = createHeartbeats({ client: node.client, log, collect: () => heartbeatBody() });
    beats.start();
    await vi.waitFor(() => expect(at.registry.view(record.node_id)?.online).toBe(true));
    await beats.stop();

    const tunnel = at.tunnels.local(record.node_id)!;
    const answer = await tunnel.call({ path: "/v1/chat/completions", body: Buffer.from("{}"), dispatch: DISPATCH });
    expect(await text(answer.body)).toBe("answer");
    expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "r" });
    expect(seen).toMatchObject([{ kind: "router", dispatch: { tunnel_epoch: 1, counter: 1, dispatch: DISPATCH } }]);

    expect(at.registry.view(record.node_id)).toMatchObject({
      status: "active",
      epoch: 1,
      online: true,
      tunnel: "local",
      agent_version: "0.1.0",
      protocol_version: 1,
      keys: [{ ed25519_public_key: node.disk.identity.public_key, to: null }],
      profiles: [{ model_id: "tiny.gguf", asking_prompt_price_wei: 5n, asking_completion_price_wei: null }],
    });
    expect(at.registry.snapshot().map(({ node_id }) => node_id)).toContain(record.node_id);
    expect(await at.registry.epochKey(record.node_id, 1)).toBe(node.disk.identity.public_key);
    expect(await at.registry.epochKey(record.node_id, 2)).toBeUndefined();
  });

  it("dials over WebSocket when a proxy may not pass the raw carrier, and not when the gateway is away", async () => {
    const at = await gateway();
    const disk = newDisk();
    await agent(at.url, () => {}, disk).enrollment.ensureEnrolled();
    const answers = ["HTTP/1.1 502 Bad Gateway", "HTTP/1.1 400 Bad Request", "", "HTTP/1.1 502 Bad Gateway"];
    const asked: unknown[] = [];
    const front = createServer();
    front.on("upgrade", (request, socket) => {
      asked.push(request.headers.upgrade);
      const answer = answers.shift();
      if (answer) socket.end(`${answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      else socket.destroy();
    });
    const port = Number(new URL(await listen(front)).port);
    await new Promise((closed) => front.close(closed));
    open.push({ close: async () => void front.close() });
    const states: string[] = [];
    const backoff = { first_ms: 200, most_ms: 200 };
    const options = {
      audience: at.url,
      backoff,
      random: () => 1,
      onState: ({ state }: { state: string }) => states.push(state),
    };
    agent(`http://127.0.0.1:${port}`, () => {}, disk, options).tunnel.start();
    await vi.waitFor(() => expect(states).toContain("waiting"), { interval: 5 });
    front.listen(port, "127.0.0.1"); // nobody was there so far
    await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(5), { timeout: 10_000 });
    expect(asked.slice(0, 5)).toEqual(["b3iq-h2", "b3iq-h2", "websocket", "b3iq-h2", "b3iq-h2"]);
  });

  it("takes a node whose tunnel dropped out of routing at once, and gives it a higher epoch when it comes back", async () => {
    const at = await gateway();
    const network = await forwarder(Number(new URL(at.url).port));
    open.push(network);
    const node = agent(`http://127.0.0.1:${network.port}`, (_request, response) => void response.end(), newDisk(), {
      audience: at.url,
    });
    const { node_id } = await node.enrollment.ensureEnrolled();
    node.tunnel.start();
    await vi.waitFor(() => expect(at.registry.view(node_id)?.tunnel).toBe("local"));
    const down: string[] = [];
    at.tunnels.onDown((id) => {
      down.push(id);
      expect(at.registry.view(id)?.tunnel).toBeNull();
    });
    network.cut();
    await vi.waitFor(() => expect(down).toEqual([node_id]));
    await vi.waitFor(() => expect(at.tunnels.local(node_id)?.epoch).toBe(2));
    expect(at.registry.view(node_id)).toMatchObject({ tunnel: "local", epoch: 2 });
  });

  it("tells the other gateways of tunnels, drops and heartbeats", async () => {
    const one = await gateway({ gateway_id: "gw_one", tunnels: { peer_address: "127.0.0.1:1" } });
    const two = await gateway({ gateway_id: "gw_two", public_url: one.url });
    await network.db.pool.query(
      "insert into gateway_leases (gateway_id, gateway_epoch, started_at, renewed_at) values ('gw_one', 1, now(), clock_timestamp()) on conflict do nothing",
    );
    const node = agent(one.url, (_request, response) => void response.end());
    const { node_id } = await node.enrollment.ensureEnrolled();
    node.tunnel.start();
    await vi.waitFor(() => expect(two.registry.view(node_id)?.tunnel).toBe("remote"));
    await node.client.call("publishHeartbeat", { body: heartbeatBody() });
    await vi.waitFor(
      () => expect(two.registry.view(node_id)).toMatchObject({ online: true, queue: { capacity: 4 } }),
      5_000,
    );
    await node.tunnel.stop();
    await vi.waitFor(() => expect(two.registry.view(node_id)?.tunnel).toBeNull());
    await network.db.pool.query("delete from gateway_leases");
  });

  it("moves to another tunnel when the gateway drains, while the old one still serves", async () => {
    const at = await gateway();
    const { promise: go, resolve: finish } = Promise.withResolvers<void>();
    const node = agent(at.url, async (_request, response) => {
      response.writeHead(200);
      response.write("a");
      await go;
      response.end("b");
    });
    const { node_id } = await node.enrollment.ensureEnrolled();
    node.tunnel.start();
    await vi.waitFor(() => expect(at.tunnels.local(node_id)).toBeDefined());
    const sibling = await gateway({ gateway_id: "gw_sibling", public_url: at.url });
    const answer = await at.tunnels.local(node_id)!.call({ path: "/x", body: Buffer.alloc(0) });
    await at.tunnels.drain();
    expect(at.tunnels.local(node_id)).toBeDefined();
    await vi.waitFor(() => expect(node.tunnel.state()).toMatchObject({ state: "waiting", code: "draining" }));
    expect(sibling.tunnels.count()).toBe(0);
    finish();
    expect(await text(answer.body)).toBe("ab");
  });

  it("ends the tunnel of a node that is retired, and of one that works elsewhere by now", async () => {
    const one = await gateway({ gateway_id: "gw_one" });
    const two = await gateway({ gateway_id: "gw_two", public_url: one.url });
    const node = agent(one.url, (_request, response) => void response.end());
    const { node_id } = await node.enrollment.ensureEnrolled();
    node.tunnel.start();
    await vi.waitFor(() => expect(one.tunnels.local(node_id)?.epoch).toBe(1));
    const moved = agent(two.url, (_request, response) => void response.end(), node.disk, {
      audience: one.url,
      backoff: { first_ms: 1e6, most_ms: 1e6 },
    });
    moved.tunnel.start();
    await vi.waitFor(() => expect(two.tunnels.local(node_id)).toBeDefined());
    await node.tunnel.stop();
    await vi.waitFor(() => expect(one.tunnels.local(node_id)).toBeUndefined());
    expect(two.tunnels.local(node_id)).toBeDefined();
    await network.db.pool.query("update nodes set status = 'retired' where node_id = $1", [node_id]);
    await vi.waitFor(() => expect(two.tunnels.local(node_id)).toBeUndefined());
  });

  it("sends calls side by side, though the network reorders them", async () => {
    const at = await gateway();
    const node = agent(at.url, (_request, response) => void response.end());
    await node.enrollment.ensureEnrolled();
    let taken = 0;
    at.routes.set("POST /v1/node/heartbeats", () => {
      taken += 1;
      return {};
    });
    await Promise.all(Array.from({ length: 8 }, () => node.client.call("publishHeartbeat", { body: heartbeatBody() })));
    expect(taken).toBe(8);
  });

  it("is refused with 503 and not let in while the database is away", async () => {
    const broken = {
      ...network.db,
      pool: new Proxy(network.db.pool, {
        get: (target, name) =>
          name === "query"
            ? (text: string, values: unknown[]) =>
                text.includes("call_seq")
                  ? Promise.reject(Object.assign(new Error("away"), { code: "ECONNREFUSED", syscall: "connect" }))
                  : target.query(text, values)
            : (Reflect.get(target, name, target) as unknown),
      }),
    } as typeof network.db;
    const at = await testGateway(broken);
    open.push(at);
    const node = agent(at.url, (_request, response) => void response.end());
    const { node_id } = await node.enrollment.ensureEnrolled();
    await expect(node.client.call("publishHeartbeat", { body: heartbeatBody() })).rejects.toMatchObject({
      status: 503,
      code: "admission_unavailable",
    });
    node.tunnel.start();
    await vi.waitFor(() =>
      expect(node.tunnel.state()).toMatchObject({ state: "waiting", code: "admission_unavailable" }),
    );
    expect(at.tunnels.local(node_id)).toBeUndefined();
  });

  it("limits those who ask for tunnels without being let in", async () => {
    const at = await gateway({
      tunnels: {
        admit: {
          check() {
            throw new ApiError("rate_limited", "Too often.");
          },
          refused() {},
        },
      },
    });
    const node = agent(at.url, (_request, response) => void response.end());
    await node.enrollment.ensureEnrolled();
    node.tunnel.start();
    await vi.waitFor(() => expect(node.tunnel.state()).toMatchObject({ state: "waiting", code: "rate_limited" }));
  });

  it("dials through a proxy when the settings name one, and past it where no_proxy says so", async () => {
    const at = await gateway();
    const asked: string[] = [];
    const sockets = new Set<Duplex>();
    const proxy = createServer();
    proxy.on("connect", (request, client, head) => {
      asked.push(request.url!);
      const [host, port] = request.url!.split(":");
      const upstream = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.write(head);
        client.pipe(upstream).pipe(client);
      });
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on("error", () => {
          client.destroy();
          upstream.destroy();
        });
      }
    });
    const http_proxy = await listen(proxy);
    open.push({
      async close() {
        for (const socket of sockets) socket.destroy();
        proxy.closeAllConnections();
        await new Promise((done) => proxy.close(done));
      },
    });
    const node = agent(at.url, (_request, response) => void response.end("through"), newDisk(), {
      proxy: { http_proxy },
    });
    const { node_id } = await node.enrollment.ensureEnrolled();
    node.tunnel.start();
    await vi.waitFor(() => expect(at.tunnels.local(node_id)).toBeDefined());
    expect(asked.length).toBeGreaterThan(0);
    expect(await text((await at.tunnels.local(node_id)!.call({ path: "/x", body: Buffer.from("a") })).body)).toBe(
      "through",
    );
    asked.length = 0;
    const past = agent(at.url, (_request, response) => void response.end(), newDisk(), {
      proxy: { http_proxy, no_proxy: "127.0.0.1" },
    });
    await past.enrollment.ensureEnrolled();
    expect(asked).toEqual([]);
  });

  it("corrects a wrong clock by the server's time", async () => {
    const at = await gateway();
    const node = agent(at.url, (_request, response) => void response.end(), newDisk(), {
      now: () => Date.now() - 10 * 60_000,
    });
    await node.enrollment.ensureEnrolled();
    await node.client.call("publishHeartbeat", { body: heartbeatBody() });
    expect(Math.abs(node.clock.now_ms() - Date.now())).toBeLessThan(5_000);
  });
});
