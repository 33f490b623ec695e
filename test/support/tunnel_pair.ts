import { createServer } from "node:http";
import type { Server } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { Agent } from "undici";
import { openAgentEnd } from "../../src/tunnel/agent_end.ts";
import type { AgentEnd, AgentEndOptions, Serve } from "../../src/tunnel/agent_end.ts";
import { UPGRADE_TOKEN, acceptUpgrade, dialUpgrade } from "../../src/tunnel/carrier_upgrade.ts";
import { acceptWebsocket, asksWebsocket, dialWebsocket } from "../../src/tunnel/carrier_websocket.ts";
import { openGatewayEnd } from "../../src/tunnel/gateway_end.ts";
import type { DownReason, GatewayEnd, GatewayEndOptions, StreamCall } from "../../src/tunnel/gateway_end.ts";

export type Pair = {
  gateway: GatewayEnd;
  agent: AgentEnd;
  down: DownReason[];
  agent_down: string[];
  call(call: Partial<StreamCall>): ReturnType<GatewayEnd["call"]>;
  /** Makes the network between the ends swallow every byte without closing. */
  freeze(): void;
  close(): Promise<void>;
};

/** Both ends of a tunnel over a real upgraded socket on loopback. */
export async function tunnelPair(
  serve: Serve,
  gateway_options: Partial<GatewayEndOptions> = {},
  agent_options: Partial<AgentEndOptions> = {},
  carrier: "upgrade" | "websocket" = "upgrade",
): Promise<Pair> {
  const down: DownReason[] = [];
  const agent_down: string[] = [];
  const { promise, resolve } = Promise.withResolvers<GatewayEnd>();
  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    const accepted = asksWebsocket(request)
      ? acceptWebsocket(request, socket, head, {})
      : acceptUpgrade(socket, head, UPGRADE_TOKEN, { "x-test": "1" });
    resolve(
      openGatewayEnd(accepted, {
        ping_interval_ms: 15_000,
        ping_timeout_ms: 10_000,
        settings_timeout_ms: 5_000,
        onDown: (reason) => down.push(reason),
        ...gateway_options,
      }),
    );
  });
  const target = await listen(server);
  const network = await forwarder(Number(new URL(target).port));
  const url = `http://127.0.0.1:${network.port}`;
  const dispatcher = new Agent({ allowH2: false });
  const { duplex } = await (carrier === "upgrade" ? dialUpgrade : dialWebsocket)({
    dispatcher,
    gateway_url: url,
    path: "/v1/node/tunnel",
    headers: {},
    timeout_ms: 5_000,
  });
  const agent = openAgentEnd(duplex, {
    serve,
    max_concurrent_streams: 100,
    silence_timeout_ms: 45_000,
    onDown: (reason) => agent_down.push(reason),
    ...agent_options,
  });
  const gateway = await promise;
  await gateway.ready;
  return {
    gateway,
    agent,
    down,
    agent_down,
    freeze: network.freeze,
    call: (call) =>
      gateway.call({
        method: "POST",
        path: "/",
        headers: {},
        body: Buffer.alloc(0),
        connect_timeout_ms: 2_000,
        ...call,
      }),
    async close() {
      agent.destroy();
      gateway.destroy();
      await dispatcher.destroy();
      await network.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Listens on a free loopback port and yields the URL. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Reads a body to its end as text. */
export async function text(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

/** A TCP forwarder that can stop forwarding without closing, as a network does that lost a route. */
export async function forwarder(
  target_port: number,
): Promise<{ port: number; freeze(): void; cut(): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((client) => {
    const upstream = connect(target_port, "127.0.0.1");
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => to.write(chunk));
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      for (const socket of sockets) {
        socket.removeAllListeners("data");
        socket.pause();
      }
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
