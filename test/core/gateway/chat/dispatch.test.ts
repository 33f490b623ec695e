import { Readable } from "node:stream";
import { beforeEach, describe, expect, it } from "vitest";
import type { Chat, ChatPorts } from "../../../../src/core/gateway/chat/context.ts";
import { dispatch } from "../../../../src/core/gateway/chat/dispatch.ts";
import { quoteFor } from "../../../../src/core/gateway/chat/quote.ts";
import { readChatRequest } from "../../../../src/core/gateway/chat/request.ts";
import type { NodeTunnel, NodeView, TunnelAnswer } from "../../../../src/core/gateway/nodes/types.ts";
import { createRouting } from "../../../../src/core/gateway/routing/routing.ts";
import { createMetrics } from "../../../../src/core/metrics.ts";
import { TunnelError } from "../../../../src/tunnel/tunnel_error.ts";
import { control, fixed, node, profile } from "../../../support/routing.ts";

/** What a node does with a dispatch; a thrown error is its tunnel's. */
type Behaviour = () => TunnelAnswer;

const answer = (status: number): TunnelAnswer => ({
  status,
  headers: {},
  body: Readable.from([]),
  trailers: Promise.resolve(undefined),
  cancel: () => {},
});
const ok: Behaviour = () => answer(200);
const busy: Behaviour = () => answer(503);
const lost =
  (sent: boolean): Behaviour =>
  () => {
    throw new TunnelError("tunnel_down", "gone", sent);
  };

const ACCEPTS_MS = 400;
let asked: string[];
let moved: { node_id: string; node_epoch: number; fence: number }[];
let closed: boolean;
let tunnels: Map<string, { epoch: number; does: Behaviour }>;
beforeEach(() => {
  [asked, moved, tunnels, closed] = [[], [], new Map(), false];
});

/** A chat over these nodes, with what each does; its quote rests on three of `quoted`. */
function chatOver(nodes: NodeView[], does: (node_id: string) => Behaviour, quoted = nodes) {
  for (const { node_id } of nodes) tunnels.set(node_id, { epoch: 1, does: does(node_id) });
  const routingOver = (some: NodeView[]) =>
    createRouting({ nodes: () => some, control: fixed(control(some)), seed: 7 });
  const routing = routingOver(nodes);
  const request = readChatRequest({ model: "m", messages: [{ role: "user", content: "Hello" }] } as never);
  const tunnel = (node_id: string): NodeTunnel | undefined => {
    const found = tunnels.get(node_id);
    return (
      found && {
        node_id,
        epoch: found.epoch,
        kind: "local",
        in_flight: 0,
        call: async ({ path }) => {
          if (path !== "/v1/chat/completions") return answer(200);
          asked.push(`${node_id}@${found.epoch}`);
          return found.does();
        },
      }
    );
  };
  const ports = {
    routing,
    tunnel,
    pepper: Buffer.alloc(32),
    fee_bps: 0,
    metrics: createMetrics(),
    timeouts: { candidate_accepts_ms: ACCEPTS_MS, first_token_ms: 1_000, tunnel_connect_ms: 1_000 },
    writer: { apply: async (operation: (typeof moved)[number]) => (moved.push(operation), { ok: !closed }) },
  } as unknown as ChatPorts;
  const candidates = routingOver(quoted).candidates({ model: "m", model_profile_id: null, sticky_key: null });
  const chat = {
    request,
    candidates,
    quote: quoteFor(request, candidates),
    hold: { job_id: "job_a", hold_id: "hold_a" },
    node_epoch: 1,
    caller: { customer_id: "cust_a", credential_id: null },
    policy: { route_tiers: null },
    deadline: performance.now() + 10_000,
    signal: new AbortController().signal,
  } as unknown as Chat;
  return { run: (accept = async (): Promise<unknown> => null) => dispatch(ports, chat, accept), routing };
}

const many = (count: number) => Array.from({ length: count }, (_, at) => node({ node_id: `node_${at}` }));

describe("when all candidates of the quote fail", () => {
  it("goes on to another node that the hold covers, and never to a dearer one", async () => {
    const cheap = many(3);
    const dear = node({ node_id: "dear", profiles: [profile({ asking_completion_price_wei: 21n })] });
    const spare = node({ node_id: "spare" });
    const does = (node_id: string) => (node_id.startsWith("node_") ? lost(false) : ok);
    const value = await chatOver([...cheap, dear, spare], does, cheap).run();
    expect(value.candidate.node_id).toBe("spare");
    expect(asked).toHaveLength(4);
    expect(moved.map(({ node_id, fence }) => [node_id, fence]).slice(-1)).toEqual([["spare", 4]]);
    expect(value.fence).toBe(4);
    await expect(chatOver([...cheap, dear], does, cheap).run()).rejects.toMatchObject({
      code: "router_dispatch_failed",
    });
    expect(asked).not.toContain("dear@1");
  });

  it("waits for a node that lost its tunnel, and asks it again on its next one", async () => {
    const { run } = chatOver(many(2), () => lost(true));
    setTimeout(() => tunnels.set("node_1", { epoch: 2, does: ok }), ACCEPTS_MS / 4);
    const value = await run();
    expect(value.candidate.node_id).toBe("node_1");
    expect(asked.slice().sort()).toEqual(["node_0@1", "node_1@1", "node_1@2"]);
    expect(moved.at(-1)).toMatchObject({ node_id: "node_1", node_epoch: 2 });
  });

  it("does not wait longer than a candidate has to accept, nor at all where no tunnel was lost", async () => {
    const first = performance.now();
    await expect(chatOver(many(2), () => lost(true)).run()).rejects.toMatchObject({ code: "router_dispatch_failed" });
    const second = performance.now();
    expect(second - first).toBeGreaterThanOrEqual(ACCEPTS_MS);
    const failed = chatOver(many(2), () => () => answer(500)).run();
    await expect(failed).rejects.toMatchObject({ code: "router_dispatch_failed" });
    expect(performance.now() - second).toBeLessThan(ACCEPTS_MS);
  });

  it.each([
    ["busy", busy, "no_healthy_candidates"],
    ["broken by the request", lost(true), "router_dispatch_failed"],
  ])("asks six nodes at most that are %s", async (_how, does, code) => {
    await expect(chatOver(many(20), () => does).run()).rejects.toMatchObject({ code });
    expect(asked).toHaveLength(6);
  });
});

describe("a node that does not serve", () => {
  it("but refuses the request itself ends the chat, with no other node asked and no failure of the node", async () => {
    const refused = JSON.stringify({ error: { code: "invalid_request", param: "messages" } });
    const { run, routing } = chatOver(many(3), () => () => ({
      ...answer(400),
      body: Readable.from([Buffer.from(refused)]),
    }));
    await expect(run()).rejects.toMatchObject({ code: "invalid_request", param: "messages" });
    expect(asked).toHaveLength(1);
    const { candidates } = routing.explain({ model: "m", model_profile_id: null, sticky_key: null });
    expect(candidates.map(({ score }) => [score!.load, score!.failures])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it("after its answer began is left for the next one, with the hold moved", async () => {
    let first = true;
    const {
      candidate,
      fence,
      first: accepted,
    } = await chatOver(many(2), () => ok).run(async () => {
      if (!first) return "accepted";
      first = false;
      throw new Error("no first token");
    });
    expect([fence, accepted, asked.length]).toEqual([2, "accepted", 2]);
    expect(moved).toMatchObject([{ node_id: candidate.node_id, fence: 2 }]);
  });

  it("is not dispatched to when the hold was closed meanwhile", async () => {
    const { run } = chatOver(many(2), () => busy);
    closed = true;
    await expect(run()).rejects.toMatchObject({ code: "router_dispatch_failed" });
    expect(asked).toHaveLength(1);
  });
});
