import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { type Socket, connect } from "node:net";
import type { Duplex, Writable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Agent } from "undici";
import { ApiError } from "../../src/core/errors.ts";
import { refuseSocket } from "../../src/surface/http/raw_answer.ts";
import { openAgentEnd } from "../../src/tunnel/agent_end.ts";
import {
  CarrierRefused,
  UPGRADE_TOKEN,
  acceptUpgrade,
  asksUpgrade,
  dialUpgrade,
} from "../../src/tunnel/carrier_upgrade.ts";
import { acceptWebsocket, asksWebsocket, dialWebsocket } from "../../src/tunnel/carrier_websocket.ts";
import { openGatewayEnd } from "../../src/tunnel/gateway_end.ts";
import type { GatewayEnd } from "../../src/tunnel/gateway_end.ts";
import { listen, text } from "../support/tunnel_pair.ts";

const ends = { ping_interval_ms: 15_000, ping_timeout_ms: 10_000, settings_timeout_ms: 2_000, onDown() {} };
let server: Server | undefined;
const dispatcher = new Agent({ allowH2: false });
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

async function serve(
  upgrade: (socket: Duplex, head: Buffer, request: import("node:http").IncomingMessage) => void,
): Promise<string> {
  server = createServer((_request, response) =>
    response.writeHead(426, { "content-type": "application/json", "x-b3iq-server-time": "5" }).end('{"error":{}}'),
  );
  server.on("upgrade", (request, socket, head) => upgrade(socket, head, request));
  return listen(server);
}

const dial = (gateway_url: string) => ({
  dispatcher,
  gateway_url,
  path: "/v1/node/tunnel?a=1",
  headers: { "x-b3iq-node-id": "n" },
  timeout_ms: 2_000,
});

/** A client without a codec: it says what it is told to say. */
function rawWebsocket(url: string, after = Buffer.alloc(0)): Socket {
  const { hostname, port } = new URL(url);
  const client = connect(Number(port), hostname);
  const request =
    "GET /v1/node/tunnel HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n" +
    "sec-websocket-version: 13\r\nsec-websocket-protocol: b3iq-h2\r\n" +
    `sec-websocket-key: ${Buffer.alloc(16).toString("base64")}\r\n\r\n`;
  client.write(Buffer.concat([Buffer.from(request), after]));
  return client.on("error", () => undefined);
}

/** A frame of a client with at most 125 bytes, under a mask of zeros (RFC 6455 §5.2). */
function frame(first_byte: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.of(first_byte, 0x80 | payload.length, 0, 0, 0, 0), payload]);
}

/** Of `ws`, whose types leave it out. */
const { Receiver } = createRequire(import.meta.url)("ws") as {
  Receiver: new (options: { isServer: boolean }) => Writable & {
    on(event: "pong", listener: (payload: Buffer) => void): void;
  };
};

describe("the upgrade carrier", () => {
  it("keeps bytes that came with the request (head) and with the 101", async () => {
    const { promise, resolve } = Promise.withResolvers<GatewayEnd>();
    let head_bytes = 0;
    const url = await serve((socket, head) => {
      head_bytes = head.length;
      resolve(openGatewayEnd(acceptUpgrade(socket, head, UPGRADE_TOKEN, {}), ends));
    });
    // An agent that does not wait for the 101: its HTTP/2 preface comes in the same segment as its request.
    const early = connect(Number(new URL(url).port), "127.0.0.1");
    const settings = Buffer.from("000000040000000000", "hex");
    early.write(
      Buffer.concat([
        Buffer.from("GET /v1/node/tunnel HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: b3iq-h2\r\n\r\n"),
        settings,
      ]),
    );
    const gateway = await promise;
    await gateway.ready;
    expect(head_bytes).toBe(settings.length);
    gateway.destroy();
    early.destroy();
  });

  it("yields the refusal of a gateway with status, headers and body", async () => {
    const url = await serve((socket) =>
      refuseSocket(socket, new ApiError("clock_skew", "Correct it.", { headers: { "x-b3iq-server-time": "7" } })),
    );
    const refused = (await dialUpgrade(dial(url)).catch((error: unknown) => error)) as CarrierRefused;
    expect(refused).toBeInstanceOf(CarrierRefused);
    expect(refused).toMatchObject({
      status: 401,
      body: expect.stringContaining('"code":"clock_skew"') as string,
      headers: { "x-b3iq-server-time": "7" },
    });
  });

  it("is refused when a proxy dropped the upgrade, and rejects when nobody listens", async () => {
    const url = await serve(() => undefined);
    server!.removeAllListeners("upgrade");
    await expect(dialUpgrade(dial(url))).rejects.toMatchObject({ status: 426 });
    await expect(dialUpgrade(dial("http://127.0.0.1:1"))).rejects.not.toBeInstanceOf(CarrierRefused);
  });

  it("reads its headers in any case and among others", () => {
    const request = (upgrade: string, connection: string) => ({ headers: { upgrade, connection } }) as never;
    expect(asksUpgrade(request("B3IQ-h2", "keep-alive, upgrade"), UPGRADE_TOKEN)).toBe(true);
    expect(asksUpgrade(request("h2c", "Upgrade"), UPGRADE_TOKEN)).toBe(false);
    expect(asksUpgrade(request("b3iq-h2", "close"), UPGRADE_TOKEN)).toBe(false);
  });

  it("is down when the peer's socket ends without a word", async () => {
    const { promise, resolve } = Promise.withResolvers<GatewayEnd>();
    const down: string[] = [];
    const url = await serve((socket, head) =>
      resolve(
        openGatewayEnd(acceptUpgrade(socket, head, UPGRADE_TOKEN, {}), {
          ...ends,
          onDown: (reason) => down.push(reason),
        }),
      ),
    );
    const { duplex } = await dialUpgrade(dial(url));
    openAgentEnd(duplex, {
      serve: () => undefined,
      max_concurrent_streams: 10,
      silence_timeout_ms: 60_000,
      onDown() {},
    });
    const gateway = await promise;
    await gateway.ready;
    const waiting = gateway.call({
      method: "POST",
      path: "/",
      headers: {},
      body: Buffer.alloc(0),
      connect_timeout_ms: 1_000,
    });
    setTimeout(() => duplex.destroy(), 20);
    await expect(waiting).rejects.toMatchObject({ code: "tunnel_down" });
    await gateway.closed;
    expect(down).toHaveLength(1);
  });

  it("closes within a second of its drain, though the peer does not end its side", async () => {
    const { promise, resolve } = Promise.withResolvers<GatewayEnd>();
    const url = await serve((socket, head) =>
      resolve(openGatewayEnd(acceptUpgrade(socket, head, UPGRADE_TOKEN, {}), ends)),
    );
    const { hostname, port } = new URL(url);
    const peer = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    peer.on("error", () => undefined).resume();
    peer.write("GET /v1/node/tunnel HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: b3iq-h2\r\n\r\n");
    peer.write(Buffer.from("000000040000000000", "hex")); // SETTINGS
    const gateway = await promise;
    await gateway.ready;
    gateway.drain();
    await new Promise((done) => setTimeout(done, 100));
    await Promise.race([
      gateway.closed,
      new Promise((_, reject) => setTimeout(() => reject(new Error("it waits for the peer")), 2_000)),
    ]);
    peer.destroy();
  });

  it("gives up an agent that does not speak HTTP/2", async () => {
    const { promise, resolve } = Promise.withResolvers<GatewayEnd>();
    const url = await serve((socket, head) =>
      resolve(openGatewayEnd(acceptUpgrade(socket, head, UPGRADE_TOKEN, {}), { ...ends, settings_timeout_ms: 50 })),
    );
    const { duplex } = await dialUpgrade(dial(url));
    duplex.on("error", () => undefined);
    await expect((await promise).ready).rejects.toMatchObject({ code: "tunnel_down" });
    await (
      await promise
    ).closed;
  });
});

describe("the WebSocket carrier", () => {
  it("answers the handshake of RFC 6455 and carries bytes of any size both ways", async () => {
    const url = await serve((socket, head, request) => {
      expect(asksWebsocket(request)).toBe(true);
      const duplex = acceptWebsocket(request, socket, head, { "x-b3iq-node-epoch": "3" });
      duplex.pipe(duplex);
    });
    const { duplex, headers } = await dialWebsocket(dial(url));
    expect(headers).toMatchObject({ "sec-websocket-protocol": "b3iq-h2", "x-b3iq-node-epoch": "3" });
    const sizes = [1, 125, 126, 65_535, 65_536, 300_000];
    const sent = Buffer.concat(sizes.map((size, i) => Buffer.alloc(size, i + 1)));
    const received = new Promise<Buffer>((resolve) => {
      const parts: Buffer[] = [];
      duplex.on("data", (part: Buffer) => {
        parts.push(part);
        if (Buffer.concat(parts).length === sent.length) resolve(Buffer.concat(parts));
      });
    });
    let at = 0;
    for (const size of sizes) {
      duplex.write(sent.subarray(at, at + size));
      at += size;
    }
    const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
    expect(hash(await received)).toBe(hash(sent));
    duplex.destroy();
  });

  it("gives up an agent that does not speak HTTP/2, and its socket", async () => {
    const { promise, resolve } = Promise.withResolvers<[Duplex, GatewayEnd]>();
    const url = await serve((socket, head, request) => {
      const framed = acceptWebsocket(request, socket, head, {});
      resolve([socket, openGatewayEnd(framed, { ...ends, settings_timeout_ms: 50 })]);
    });
    const { duplex } = await dialWebsocket(dial(url));
    duplex.on("error", () => undefined);
    const [socket, gateway] = await promise;
    await expect(gateway.ready).rejects.toMatchObject({ code: "tunnel_down" });
    await gateway.closed;
    expect(socket.destroyed).toBe(true);
  });

  it("is understood by another implementation", async () => {
    const { promise, resolve } = Promise.withResolvers<Duplex>();
    const url = await serve((socket, head, request) => resolve(acceptWebsocket(request, socket, head, {})));
    const client = new WebSocket(`${url.replace("http", "ws")}/v1/node/tunnel`, "b3iq-h2");
    client.binaryType = "arraybuffer";
    const ours = await promise;
    const got = new Promise<string>((done) =>
      client.addEventListener("message", ({ data }) => done(Buffer.from(data as ArrayBuffer).toString())),
    );
    await new Promise((done) => client.addEventListener("open", done));
    ours.write("from the gateway");
    expect(await got).toBe("from the gateway");
    client.send(Buffer.from("from the agent"));
    expect(String(await new Promise((done) => ours.once("data", done)))).toBe("from the agent");
    const closed = new Promise((done) => ours.once("close", done));
    client.close();
    await closed;
  });

  it("keeps one pong at most for a peer that sends pings and reads nothing, the latest", async () => {
    const { promise, resolve } = Promise.withResolvers<[Duplex, Duplex]>();
    const url = await serve((socket, head, request) => resolve([socket, acceptWebsocket(request, socket, head, {})]));
    const client = rawWebsocket(url);
    client.pause();
    const [socket, ours] = await promise;
    ours.on("error", () => undefined).resume();
    // What it does not read fills the kernel's buffers, and then ours.
    for (let sent = 0; !socket.writableNeedDrain || sent < 200; sent++) ours.write(Buffer.alloc(64 * 1024));
    await new Promise((done) => setTimeout(done, 100));
    const waiting = socket.writableLength;
    const ping = (name: string) => frame(0x89, Buffer.from(name.padEnd(125, ".")));
    for (let burst = 0; burst < 100; burst++) client.write(Buffer.concat(Array<Buffer>(100).fill(ping(`${burst}`))));
    client.write(ping("the latest"));
    await new Promise((done) => setTimeout(done, 300));
    expect(socket.writableLength - waiting).toBeLessThan(1_000);
    const pongs: string[] = [];
    const reader = new Receiver({ isServer: false });
    reader.on("pong", (payload) => pongs.push(payload.toString()));
    client.once("data", (first: Buffer) => {
      reader.write(first.subarray(first.indexOf("\r\n\r\n") + 4));
      client.on("data", (chunk: Buffer) => reader.write(chunk));
    });
    client.resume();
    await vi.waitFor(() => expect(pongs).toEqual(["the latest".padEnd(125, ".")]), 5_000);
    client.destroy();
  });

  it.each([
    ["a frame without a mask", Buffer.from("820568656c6c6f", "hex"), /MASK must be set/],
    ["text", frame(0x81, Buffer.from("hello")), /text/],
    ["an extension", frame(0xc2, Buffer.from("hello")), /RSV/],
    ["an unknown opcode", frame(0x83, Buffer.from("hello")), /opcode/],
    ["a control frame in parts", frame(0x09, Buffer.from("hello")), /FIN must be set/],
    ["a long control frame", Buffer.from("89fe007e00000000", "hex"), /payload length/],
    ["a message over 1 MiB", Buffer.from("82ff000000000010000100000000", "hex"), /Max payload size/],
  ])("refuses %s, and lets go of the socket", async (_what, bytes, reason) => {
    const { promise, resolve } = Promise.withResolvers<[Duplex, Duplex]>();
    const url = await serve((socket, head, request) => resolve([socket, acceptWebsocket(request, socket, head, {})]));
    const client = rawWebsocket(url);
    const [socket, ours] = await promise;
    const refused = new Promise<Error>((done) => ours.once("error", done));
    ours.resume();
    client.write(bytes);
    expect((await refused).message).toMatch(reason);
    await vi.waitFor(() => expect(socket.destroyed).toBe(true), 2_000);
    client.destroy();
  });

  it("takes what follows its request, messages in parts too, and refuses a server that masks", async () => {
    const { promise, resolve } = Promise.withResolvers<Duplex>();
    let url = await serve((socket, head, request) => resolve(acceptWebsocket(request, socket, head, {})));
    const client = rawWebsocket(url, Buffer.concat([frame(0x02, Buffer.from("he")), frame(0x80, Buffer.from("llo"))]));
    const ours = await promise;
    expect(String(await new Promise((done) => ours.once("data", done)))).toBe("hello");
    client.destroy();
    ours.destroy();
    server!.close();
    url = await serve((socket, head, request) => {
      acceptWebsocket(request, socket, head, {});
      socket.write(frame(0x82, Buffer.from("hello")));
    });
    const { duplex } = await dialWebsocket(dial(url));
    expect(String(await new Promise((done) => duplex.resume().once("error", done)))).toMatch(/MASK must be clear/);
  });

  it("carries a tunnel whose reader and writer are slow", async () => {
    const { promise, resolve } = Promise.withResolvers<GatewayEnd>();
    const url = await serve((socket, head, request) =>
      resolve(openGatewayEnd(acceptWebsocket(request, socket, head, {}), ends)),
    );
    const { duplex } = await dialWebsocket(dial(url));
    const agent = openAgentEnd(duplex, {
      serve: (request, response) => {
        response.addTrailers({ done: "1" });
        request.pipe(response);
      },
      max_concurrent_streams: 10,
      silence_timeout_ms: 60_000,
      onDown() {},
    });
    const gateway = await promise;
    const body = Buffer.alloc(3_000_000, "z");
    const answer = await gateway.call({ method: "POST", path: "/", headers: {}, body, connect_timeout_ms: 1_000 });
    await new Promise((done) => setTimeout(done, 50));
    expect(await text(answer.body)).toHaveLength(body.length);
    expect(await answer.trailers).toEqual({ done: "1" });
    agent.destroy();
    gateway.destroy();
  });
});
