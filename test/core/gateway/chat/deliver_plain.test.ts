import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { PLAIN } from "../../../../src/core/gateway/chat/deliver_plain.ts";
import {
  admittedChat,
  COMPLETION,
  dispatchedChat,
  type FakeChat,
  fakeChat,
  nodeAnswer,
} from "../../../support/chat.ts";

function setup(answer = nodeAnswer(200, COMPLETION, {}), given: FakeChat = {}) {
  const fake = fakeChat(given);
  const chat = admittedChat(fake);
  return {
    ...fake,
    chat,
    accept: () => PLAIN.accept(fake.ports, chat, dispatchedChat(fake.ports, chat, answer, null)),
  };
}
const silent = () => new Readable({ read() {} });

describe("a plain answer", () => {
  it("is whole with a finish reason and trailers, and not without either", async () => {
    expect(await setup().accept()).toEqual({ body: COMPLETION, trailers: {} });
    const open = { ...COMPLETION, choices: [{ ...COMPLETION.choices[0], finish_reason: null }] };
    await expect(setup(nodeAnswer(200, open, {})).accept()).rejects.toThrow("no finish reason");
    await expect(setup(nodeAnswer(200, COMPLETION)).accept()).rejects.toThrow("no trailers");
    await expect(setup(nodeAnswer(200, "<html>", {})).accept()).rejects.toThrow("JSON");
  });

  it.each([
    ["its client leaves", {}, (leave: () => void) => leave()],
    ["its deadline has come", { ports: { deadline_ms: 30 } }, () => {}],
  ])("is cancelled at the node when %s", async (_when, given, act) => {
    const body = silent();
    const answer = { ...nodeAnswer(200, body, {}), cancel: () => void body.destroy(new Error("cut")) };
    const { accept, client, calls } = setup(answer, given);
    const accepted = accept();
    act(() => (client.leave(), setTimeout(answer.cancel, 20)));
    await expect(accepted).rejects.toThrow("cut");
    expect(calls.map(({ path }) => path)).toEqual(["/v1/tunnel/cancel"]);
  });

  it("is observed by the bytes of its message, and answered with the settled figures", async () => {
    const { ports, chat } = setup();
    const dispatched = dispatchedChat(ports, chat, nodeAnswer(200), { body: COMPLETION as never, trailers: {} });
    const delivered = await PLAIN.deliver(ports, chat, dispatched);
    expect(delivered).toEqual({ observation: { content_bytes: 5, events: 1, reason: "complete" }, trailers: {} });
    const payment = {
      settled: { charged_wei: 50n, prompt_tokens: 1, completion_tokens: 2 },
      receipt: { receipt: { receipt_hash: "ff" }, commitment_salt: "salt" },
    } as never;
    const paid = await PLAIN.finish(ports, chat, dispatched, delivered, payment);
    expect(paid).toMatchObject({
      body: {
        usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
        b3iq: { charged_wei: "50", receipt_hash: "ff", job_id: chat.hold.job_id, ttft_ms: 7 },
      },
      headers: { "x-b3iq-receipt-hash": "ff" },
    });
    const free = await PLAIN.finish(ports, chat, dispatched, delivered, null);
    expect(free!.body).toMatchObject({ usage: COMPLETION.usage, b3iq: { charged_wei: "0" } });
    expect(free!.headers).not.toHaveProperty("x-b3iq-receipt-hash");
  });
});
