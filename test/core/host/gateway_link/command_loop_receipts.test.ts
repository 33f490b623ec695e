/** What the gateway says of a private job's receipt in the answer to the result: the agent need not submit it again. */
import { expect, test } from "vitest";
import { createCommandLoop } from "../../../../src/core/host/gateway_link/command_loop.ts";
import type { GatewayClient } from "../../../../src/core/host/gateway_link/gateway_client.ts";
import { createLog } from "../../../../src/core/log.ts";

const log = createLog({ level: "silent", program: "test" });

async function told(receipt: object | undefined, answer: object): Promise<unknown[]> {
  const heard: unknown[] = [];
  const done = Promise.withResolvers<void>();
  let polled = false;
  const call = async (
    operation_id: string,
    { body }: { body: Record<string, unknown> },
    { signal }: { signal: AbortSignal },
  ) => {
    if (operation_id === "pollCommands") {
      if (polled)
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      polled = true;
      return { commands: [{ command_id: "cmd_1", kind: "private_job", lease_token: 1, payload: {} }] };
    }
    expect(body["status"]).toBe("succeeded");
    setImmediate(done.resolve);
    return answer;
  };
  const loop = createCommandLoop({
    client: { call } as unknown as GatewayClient,
    log,
    handlers: { private_job: async () => ({ encrypted_response: {}, ...(receipt && { receipt }) }) as never },
    onReceipt: (receipt_hash, verdict) => heard.push([receipt_hash, verdict]),
  });
  loop.start();
  await done.promise;
  await loop.stop();
  return heard;
}

test("a verdict on the receipt reaches the outbox; without one nothing is said", async () => {
  const receipt_hash = "ab".repeat(32);
  const settled = { status: "settled" };
  expect(await told({ receipt_hash }, { status: "accepted", receipt: settled })).toEqual([[receipt_hash, settled]]);
  expect(await told({ receipt_hash }, { status: "accepted" })).toEqual([]);
  expect(await told(undefined, { status: "accepted", receipt: settled })).toEqual([]);
});
