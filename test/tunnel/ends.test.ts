import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cutAnswer } from "../../src/tunnel/agent_end.ts";
import type { Serve } from "../../src/tunnel/agent_end.ts";
import { STREAM_WINDOW_BYTES } from "../../src/tunnel/gateway_end.ts";
import { text, tunnelPair as pairOver } from "../support/tunnel_pair.ts";
import type { Pair } from "../support/tunnel_pair.ts";

let pair: Pair | undefined;
afterEach(async () => {
  await pair?.close();
  pair = undefined;
});

const echo: Serve = (request, response) => {
  response.writeHead(200, { "content-type": "application/octet-stream" });
  request.pipe(response);
};

describe.each(["upgrade", "websocket"] as const)("a tunnel over %s", (carrier) => {
  const tunnelPair = (
    serve: Parameters<typeof pairOver>[0],
    gateway?: Parameters<typeof pairOver>[1],
    agent?: Parameters<typeof pairOver>[2],
  ) => pairOver(serve, gateway, agent, carrier);

  it("carries a request body, an answer and its trailers", async () => {
    pair = await tunnelPair((request, response) => {
      response.addTrailers({ "x-b3iq-receipt": "abc" });
      echo(request, response);
    });
    const body = Buffer.alloc(300_000, "b");
    const answer = await pair.call({ path: "/v1/chat/completions", body });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ "content-type": "application/octet-stream" });
    expect((await text(answer.body)).length).toBe(body.length);
    expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "abc" });
    await vi.waitFor(() => expect(pair!.gateway.in_flight).toBe(0));
    expect(pair.agent.in_flight).toBe(0);
  });

  it("gives an answer whole that had come, and closed, before it is read", async () => {
    pair = await tunnelPair((request, response) => {
      response.addTrailers({ "x-b3iq-receipt": "abc" });
      echo(request, response);
    });
    const answer = await pair.call({ body: Buffer.from("all of it") });
    expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "abc" });
    await sleep(20);
    expect(await text(answer.body)).toBe("all of it");
    await vi.waitFor(() => expect(pair!.gateway.in_flight).toBe(0));
  });

  it("delivers each event when it is written, not at the end", async () => {
    const arrived: string[] = [];
    const { promise: second, resolve: allowSecond } = Promise.withResolvers<void>();
    pair = await tunnelPair(async (_request, response) => {
      response.writeHead(200);
      response.write("one");
      await second;
      response.end("two");
    });
    const answer = await pair.call({});
    for await (const part of answer.body) {
      arrived.push(String(part));
      allowSecond();
    }
    expect(arrived).toEqual(["one", "two"]);
  });

  it("shows a cut answer by missing trailers, and as an error", async () => {
    pair = await tunnelPair((_request, response) => {
      response.addTrailers({ "x-b3iq-receipt": "abc" });
      response.writeHead(200);
      response.write("part");
      setTimeout(() => cutAnswer(response, new Error("runtime died")), 20);
    });
    const answer = await pair.call({});
    await expect(text(answer.body)).rejects.toThrow();
    expect(await answer.trailers).toBeUndefined();
  });

  it("has no trailers when the agent closes a stream in a way that looks clean", async () => {
    pair = await tunnelPair((_request, response) => {
      response.addTrailers({ "x-b3iq-receipt": "abc" });
      response.writeHead(200);
      response.write("part");
      setTimeout(() => response.stream.close(2), 20);
    });
    const answer = await pair.call({});
    await text(answer.body).catch(() => "");
    expect(await answer.trailers).toBeUndefined();
  });

  it("resets the agent's stream with CANCEL when the caller aborts before or after the answer began", async () => {
    const codes: number[] = [];
    pair = await tunnelPair((request, response) => {
      request.stream.once("close", () => codes.push(request.stream.rstCode));
      if (request.url === "/late") {
        response.writeHead(200);
        response.write("x");
      }
    });
    const early = new AbortController();
    const waiting = pair.call({ path: "/early", signal: early.signal });
    setTimeout(() => early.abort(), 30);
    await expect(waiting).rejects.toMatchObject({ code: "aborted", sent: true });

    const late = new AbortController();
    const answer = await pair.call({ path: "/late", signal: late.signal });
    late.abort();
    await expect(text(answer.body)).rejects.toMatchObject({ code: "aborted" });
    expect(await answer.trailers).toBeUndefined();

    const third = await pair.call({ path: "/late" });
    third.cancel();
    await vi.waitFor(() => expect(codes).toEqual([8, 8, 8]));
    expect(pair.gateway.accepting).toBe(true);
    await expect(pair.call({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted", sent: false });
  });

  it("rejects with what was lost when the agent goes away", async () => {
    pair = await tunnelPair(() => undefined);
    const waiting = pair.call({});
    setTimeout(() => pair!.agent.destroy(), 30);
    await expect(waiting).rejects.toMatchObject({ code: "tunnel_down", sent: true });
    await pair.gateway.closed;
    expect(pair.down).toHaveLength(1);
    await expect(pair.call({})).rejects.toMatchObject({ code: "tunnel_down", sent: false });
  });

  it("lets a slow reader hold back its own stream only, in bounded memory", async () => {
    let written = 0;
    pair = await tunnelPair((request, response) => {
      if (request.url === "/small") {
        response.end("small");
        return;
      }
      const block = Buffer.alloc(16 * 1024, "x");
      response.writeHead(200);
      const pump = (): void => {
        while (written < 64 * 1024 * 1024 && !response.destroyed) {
          written += block.length;
          if (!response.write(block)) {
            response.once("drain", pump);
            return;
          }
        }
        response.end();
      };
      pump();
    });
    const slow = await pair.call({});
    await vi.waitFor(() => expect(written).toBeGreaterThan(STREAM_WINDOW_BYTES));
    let before = -1;
    await vi.waitFor(async () => {
      const now = written;
      await sleep(50);
      expect(written).toBe(now);
      before = now;
    });
    expect(before).toBeLessThan(4 * STREAM_WINDOW_BYTES);
    const small = await pair.call({ path: "/small" });
    expect(await text(small.body)).toBe("small");
    slow.cancel();
  });

  it("is down when a ping is not answered", async () => {
    pair = await tunnelPair(echo, { ping_interval_ms: 40, ping_timeout_ms: 60 });
    await sleep(150);
    expect(pair.down).toEqual([]);
    pair.freeze();
    await vi.waitFor(() => expect(pair!.down).toEqual(["ping_lost"]));
    expect(pair.gateway.accepting).toBe(false);
  });

  it("is down for the agent when the gateway's pings stop", async () => {
    pair = await tunnelPair(echo, {}, { silence_timeout_ms: 80 });
    await vi.waitFor(() => expect(pair!.agent_down).toEqual(["silent"]));
    await pair.gateway.closed;
  });

  it("drains from either side: what runs ends, nothing new begins", async () => {
    for (const side of ["gateway", "agent"] as const) {
      const { promise: go, resolve: finish } = Promise.withResolvers<void>();
      pair = await tunnelPair(async (_request, response) => {
        response.addTrailers({ "x-b3iq-receipt": "abc" });
        response.writeHead(200);
        response.write("begun ");
        await go;
        response.end("ended");
      });
      const answer = await pair.call({});
      pair[side].drain();
      await vi.waitFor(() => expect(pair!.down).toEqual(["draining"]));
      await vi.waitFor(() => expect(pair!.agent_down).toEqual(["draining"]));
      await expect(pair.call({})).rejects.toMatchObject({ code: "tunnel_down", sent: false });
      finish();
      expect(await text(answer.body)).toBe("begun ended");
      expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "abc" });
      await Promise.all([pair.gateway.closed, pair.agent.closed]);
      await pair.close();
    }
  });

  it("waits no longer than the connect time-out for a free stream", async () => {
    pair = await tunnelPair(() => undefined, {}, { max_concurrent_streams: 1 });
    const first = pair.call({});
    await expect(pair.call({ connect_timeout_ms: 60 })).rejects.toMatchObject({ code: "tunnel_timeout", sent: false });
    pair.agent.destroy();
    await expect(first).rejects.toMatchObject({ code: "tunnel_down" });
  });
});
