import { expect, it } from "vitest";
import { sendChat } from "../../../../src/core/gateway/node_calls/send_chat.ts";
import type { NodeTunnel, TunnelCall } from "../../../../src/core/gateway/nodes/types.ts";
import { nodeAnswer } from "../../../support/chat.ts";

it("a chat is sent with its dispatch and limits", async () => {
  const calls: TunnelCall[] = [];
  const tunnel = { call: async (one: TunnelCall) => (calls.push(one), nodeAnswer(200)) } as unknown as NodeTunnel;
  const signal = new AbortController().signal;
  const dispatch = { job_id: "job_a" } as never;
  const onAccepted = () => {};
  await sendChat(tunnel, { body: { model: "m" }, dispatch, signal, connect_timeout_ms: 7, onAccepted });
  expect(calls[0]).toMatchObject({ path: "/v1/chat/completions", dispatch, signal, connect_timeout_ms: 7 });
  expect([calls[0]!.onAccepted, calls[0]!.body.toString()]).toEqual([onAccepted, '{"model":"m"}']);
});
