import { setImmediate as tick } from "node:timers/promises";
import { expect, it } from "vitest";
import { type DispatchEnd, endDispatch } from "../../../../src/core/gateway/chat/dispatch_end.ts";
import { ApiError } from "../../../../src/core/errors.ts";
import { admittedChat, dispatchedChat, fakeChat, nodeAnswer } from "../../../support/chat.ts";

const answered = (reason: Extract<DispatchEnd, { kind: "answered" }>["reason"]): DispatchEnd => ({
  kind: "answered",
  reason,
});

/** Ends a dispatch: the outcome for the node's ranking, and the cancels that the node got. */
async function end(with_end: DispatchEnd, left = false) {
  const fake = fakeChat();
  const chat = admittedChat(fake);
  if (left) fake.client.leave();
  endDispatch(fake.ports, chat, dispatchedChat(fake.ports, chat, nodeAnswer(200), null), with_end);
  const at_once = fake.ended.length;
  for (let turn = 0; fake.ended.length === 0 && turn < 20; turn += 1) await tick();
  expect(fake.ended).toHaveLength(1);
  const cancels = fake.calls.map(({ path, body }) => [path, body.fence]);
  return { outcome: fake.ended[0]![1], at_once: at_once === 1, cancelled: cancels.length > 0, cancels };
}

it.each([
  [answered("complete"), "ok"],
  [answered("cut"), "ok"],
  [answered("client_left"), "ok"],
  [answered("node_failed"), "failed"],
  [answered("timeout"), "failed"],
  [{ kind: "refused", error: new ApiError("invalid_request", "no") } as const, "ok"],
  [{ kind: "busy" } as const, "unknown"],
  [{ kind: "failed" } as const, "failed"],
  [{ kind: "lost", sent: false } as const, "lost"],
])("%j ends the node's load at once, as %s", async (ended, outcome) => {
  expect(await end(ended)).toMatchObject({ outcome, at_once: true, cancelled: false });
});

it.each([
  [{ kind: "timeout" } as const, "failed"],
  [{ kind: "lost", sent: true } as const, "lost"],
])("%j is cancelled first, and ends as %s, or as unknown when the client left", async (ended, outcome) => {
  expect(await end(ended)).toMatchObject({ outcome, at_once: false, cancels: [["/v1/tunnel/cancel", 1]] });
  expect(await end(ended, true)).toMatchObject({ outcome: "unknown", at_once: false, cancelled: true });
});
