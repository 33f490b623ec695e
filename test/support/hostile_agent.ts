/** An agent changed by its owner: it claims, refuses, counts and signs as the test tells it, over a real tunnel. */
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { HeartbeatProfile } from "../../generated/hosted.ts";
import { mintSalt, requestCommitment, responseCommitment } from "../../src/core/protocol/receipt/commitments.ts";
import { receiptTrailers, signReceipt } from "../../src/core/protocol/receipt/receipt.ts";
import type { RouterDispatch } from "../../src/core/protocol/calls/router_call.ts";
import { heartbeatBody, testAgent, type TestAgent } from "./nodes/network.ts";
import { eventually } from "./system.ts";

export type Hostile = {
  /** The heartbeat's profile of its one model. */
  profile: Partial<HeartbeatProfile> & { model_id: string };
  /** The usage that it signs; unless given, the most that the dispatch allows. */
  usage: { prompt_tokens: number; completion_tokens: number };
  /** Its answer on /v1/tunnel/count. */
  count?: number;
  /** Refuses this chat before its first byte, so that the next candidate is tried. */
  refuses?: (dispatch: RouterDispatch) => boolean;
};

export type HostileAgent = TestAgent & {
  node_id: string;
  /** Dispatches of chats with a price; the gateway's benchmarks have none. */
  dispatches: RouterDispatch[];
  behaviour: Hostile;
  /** Sends its profile to the gateway. */
  beat(): Promise<void>;
};

const CONTENT = "ok";

/** Enrolls, opens its tunnel and heartbeats; `close` ends it. */
export async function hostileAgent(gateway_url: string, behaviour: Hostile): Promise<HostileAgent> {
  let sequence = 0;
  const dispatches: RouterDispatch[] = [];
  const agent = testAgent(gateway_url, (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const json = (status: number, value: object) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (request.url === "/v1/tunnel/count") return json(200, { prompt_tokens: made.behaviour.count ?? 0 });
    if (request.url !== "/v1/chat/completions") return json(200, {});
    const stated = Buffer.from(String(request.headers["x-b3iq-router-call"]), "base64url").toString("utf8");
    const { dispatch } = JSON.parse(stated) as { dispatch: RouterDispatch };
    const body = JSON.parse(Buffer.concat(parts).toString("utf8")) as { messages: unknown[]; stream?: boolean };
    if (dispatch.prompt_price_wei !== "0") {
      dispatches.push(dispatch);
      if (made.behaviour.refuses?.(dispatch)) return json(500, { error: { code: "runtime_failed" } });
    }
    const usage = { ...made.behaviour.usage };
    const trailers = signed(dispatch, body.messages, usage);
    response.writeContinue();
    response.writeHead(200, { "content-type": body.stream ? "text/event-stream" : "application/json" });
    response.write(body.stream ? streamed(usage) : JSON.stringify(whole(usage)));
    response.addTrailers(trailers);
    response.end();
  }

  function signed(dispatch: RouterDispatch, messages: unknown[], usage: Hostile["usage"]): Record<string, string> {
    const { job_id, fence, model_profile_id, prompt_price_wei, completion_price_wei, fee_bps } = dispatch;
    const salt = mintSalt();
    const receipt = signReceipt(
      {
        type: "b3iq.receipt.v1",
        node_id: made.node_id,
        node_epoch: agent.disk.epoch,
        node_seq: (sequence += 1),
        job_id,
        fence,
        model_id: made.behaviour.profile.model_id,
        model_profile_id,
        runtime_kind: "vllm",
        dispatch_mode: "pooled_sync",
        outcome: "ok",
        ...usage,
        total_tokens: usage.prompt_tokens + usage.completion_tokens,
        prompt_price_wei,
        completion_price_wei,
        fee_bps,
        request_commitment: requestCommitment(salt, messages),
        response_commitment: responseCommitment(salt, {
          content: CONTENT,
          finish_reason: "stop",
          reasoning: null,
          tool_calls: null,
        }),
        finished_at: `${new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString().slice(0, 19)}Z`,
      },
      agent.disk.identity.private_key,
    );
    return { ...receiptTrailers(receipt), "x-b3iq-commitment-salt": salt };
  }

  const { node_id } = await agent.enrollment.ensureEnrolled();
  agent.tunnel.start();
  const made: HostileAgent = {
    ...agent,
    node_id,
    dispatches,
    behaviour,
    async beat() {
      const { profile } = made.behaviour;
      const [usual] = heartbeatBody().profiles;
      const named = { model_profile_id: `${profile.model_id}@vllm`, runtime_kind: "vllm" as const };
      const profiles = [{ ...usual!, asking_completion_price_wei: "5", ...named, ...profile }];
      await agent.client.call("publishHeartbeat", { body: heartbeatBody({ profiles }) });
    },
    async close() {
      clearInterval(timer);
      await agent.close();
    },
  };
  await eventually(() => agent.tunnel.state().state === "open");
  await made.beat();
  const timer = setInterval(() => void made.beat().catch(() => {}), 5_000);
  return made;
}

const CHUNK = { id: "chatcmpl-x", object: "chat.completion.chunk", created: 1, model: "x" };

function streamed(usage: Hostile["usage"]): string {
  const total = { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens };
  const choice = (delta: object, finish_reason: string | null) => ({
    ...CHUNK,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const frames = [
    choice({ role: "assistant", content: CONTENT }, null),
    choice({}, "stop"),
    { ...CHUNK, choices: [], usage: total },
  ];
  return [...frames.map((frame) => JSON.stringify(frame)), "[DONE]"].map((data) => `data: ${data}\n\n`).join("");
}

function whole(usage: Hostile["usage"]): object {
  return {
    id: "chatcmpl-x",
    object: "chat.completion",
    created: 1,
    model: "x",
    choices: [{ index: 0, message: { role: "assistant", content: CONTENT }, finish_reason: "stop" }],
    usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
  };
}
