import { once } from "node:events";
import * as net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../src/core/errors.ts";
import { STREAMED } from "../../src/handlers/operation.ts";
import type { Call, Input, Principal } from "../../src/handlers/operation.ts";
import type { Authenticate } from "../../src/surface/binding/credentials.ts";
import { listen } from "../../src/surface/http/server.ts";
import type { ListenOptions } from "../../src/surface/http/server.ts";
import { createSurface } from "../../src/surface/surface.ts";
import type { SurfaceOptions } from "../../src/surface/options.ts";
import type { Failed } from "../../src/surface/options.ts";
import type { Violation } from "../../src/surface/binding/response_check.ts";
import { testDocument } from "./surface_document.ts";

export const KEY = "b3iq_gateway_good";
export const bearer = { authorization: `Bearer ${KEY}` };
export const customer = { "x-b3iq-customer-id": "cus_one", "x-b3iq-customer-token": "secret" };

/** Events behind the surface that tests can inspect. */
export type Witness = {
  signals: AbortSignal[];
  write_errors: unknown[];
  written: number;
  failures: Failed[];
  violations: Violation[];
  signed: { target: string; body: string }[];
};

async function stream(call: Call, task: string, witness: Witness): Promise<typeof STREAMED> {
  const frame = (n: number, size = 0) => `data: ${JSON.stringify({ n })}\n${size ? `: ${"x".repeat(size)}\n` : ""}\n`;
  if (task === "early failure")
    throw new ApiError("no_healthy_candidates", "No node can serve this now.", { retry_after_ms: 1200 });
  call.stream.open({ "x-b3iq-receipt-hash": "abc" });
  call.stream.comment("keep-alive");
  await call.stream.write(frame(1));
  if (task === "late failure") throw new ApiError("router_dispatch_failed", "The node broke off.");
  if (task === "crash") throw new Error("secret prompt in a message");
  if (task === "bad event") await call.stream.write(`data: {"wrong":true}\n\n`);
  if (task === "flood" || task === "wait") {
    try {
      for (;;) {
        await call.stream.write(task === "flood" ? frame(2, 16_000) : frame(2));
        witness.written += 1;
        if (task === "wait") await sleep(10, undefined, { signal: call.signal });
      }
    } catch (error) {
      witness.write_errors.push(error);
      throw error;
    }
  }
  await call.stream.write("data: [DONE]\n\n");
  return STREAMED;
}

function handlers(witness: Witness) {
  const seen = (operation: string) => async (input: Input<never>, call: Call) => ({
    status: 200 as const,
    body: {
      operation,
      path: input.path,
      query: input.query,
      principal: call.principal,
      client_address: call.client_address,
    },
  });
  return {
    async chat(input: { body: { stream?: boolean; task?: string; model: string } }, call: Call) {
      witness.signals.push(call.signal);
      call.set_header("x-ratelimit-remaining-requests", "7");
      const { task = "" } = input.body;
      if (input.body.stream) return stream(call, task, witness);
      if (task === "crash") throw new Error("secret prompt in a message");
      if (task === "bad answer") return { status: 200, body: { nothing: true } };
      if (task === "spend")
        throw new ApiError("insufficient_balance", "Not enough.", { detail: { required_wei: "5" } });
      return { status: 200, body: { id: "one", model: input.body.model } };
    },
    model: seen("model"),
    async usage(input: Input<never>, call: Call) {
      if (call.accept(["application/json", "text/csv"]) !== "text/csv") return seen("usage")(input, call);
      return { status: 200 as const, media_type: "text/csv", content: rows() };
    },
    key: seen("key"),
    removeKey: async () => ({ status: 204 as const }),
    tile: seen("tile"),
    entries: seen("entries"),
    beat: seen("beat"),
    owner: seen("owner"),
    async tunnelCall(input: { body: { stream?: boolean } }, call: Call) {
      if (!input.body.stream)
        return { ...(await seen("tunnelCall")(input as never, call)), trailers: { "x-b3iq-receipt": "signed" } };
      call.stream.open();
      await call.stream.write(`data: {"n":1}\n\n`);
      await call.stream.end({ "x-b3iq-receipt": "signed" });
      return STREAMED;
    },
    open: seen("open"),
  };
}

async function* rows() {
  for (let row = 0; row < 1000; row += 1) yield `${row},credit,1\n`;
}

function authenticate(witness: Witness): Authenticate {
  const unauthorized = () => new ApiError("unauthorized", "This key is not known.");
  return {
    async gatewayKey(token, headers): Promise<Principal> {
      if (token === "b3iq_gateway_operator") {
        return {
          kind: "gateway_key",
          credential_id: "key_op",
          customer_id: headers?.customer_id ?? null,
          scopes: [],
          operator: true,
        };
      }
      if (token !== KEY) throw unauthorized();
      if (headers) throw new ApiError("mixed_credentials", "Send the key alone.");
      return { kind: "gateway_key", credential_id: "key_one", customer_id: "cus_one", scopes: [], operator: false };
    },
    async customer({ customer_id, customer_token }) {
      if (customer_token !== "secret") throw unauthorized();
      return { kind: "customer", customer_id };
    },
    async node({ target, body, headers }) {
      witness.signed.push({ target, body: body.toString() });
      if (headers["x-b3iq-node-signature"] !== "sound")
        throw new ApiError("invalid_signature", "The signature does not fit.");
      return { kind: "node", node_id: "node_a", epoch: 1, seq: 1 };
    },
    router: async () => ({ kind: "router", dispatch: {} as never }),
    localKey: async () => ({ kind: "local_key", key_id: "key_local" }),
    ownerSession: async (cookie) => {
      if (cookie !== "session") throw unauthorized();
      return { kind: "owner" };
    },
  };
}

/** A surface of the test document on a real socket. */
export async function startSurface(
  options: SurfaceOptions = {},
  listening: Partial<ListenOptions> = {},
  document: unknown = testDocument,
) {
  const witness: Witness = { signals: [], write_errors: [], written: 0, failures: [], violations: [], signed: [] };
  const surface = await createSurface({
    document,
    handlers: handlers(witness) as never,
    context: {},
    authenticate: authenticate(witness),
    options: {
      lazy: true,
      onFailure: (failed) => witness.failures.push(failed),
      check_responses: (violation) => witness.violations.push(violation),
      ...options,
    },
  });
  const listener = await listen({ host: "127.0.0.1", port: 0, ...listening }, surface.app);
  return { surface, witness, url: listener.url, port: listener.port, listener, close: () => listener.close() };
}

export type Started = Awaited<ReturnType<typeof startSurface>>;

/** Sends bytes unchanged and returns all received bytes until the peer closed or `quiet_ms` passed. */
export async function rawExchange(
  port: number,
  bytes: string | Buffer | (string | Buffer)[],
  quiet_ms = 1500,
): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", () => {});
  await once(socket, "connect");
  for (const part of [bytes].flat()) socket.write(part);
  await Promise.race([once(socket, "close").catch(() => {}), sleep(quiet_ms)]);
  socket.destroy();
  return text;
}
