/** Tables that strangers' words are looked up in: what every object inherits is in none of them. */
import { expect, test } from "vitest";
import { parsePolicy } from "../../src/core/gateway/billing/policy.ts";
import type { Command } from "../../generated/hosted.ts";
import { createCommandLoop } from "../../src/core/host/gateway_link/command_loop.ts";
import type { GatewayClient } from "../../src/core/host/gateway_link/gateway_client.ts";
import { createGrammarBuilder, UnsupportedSchema } from "../../packages/llama-cpp/json_grammar.ts";
import { createLog } from "../../src/core/log.ts";

const INHERITED = ["toString", "constructor", "hasOwnProperty", "valueOf", "__proto__"];

test.each(INHERITED)("a policy has no member %s", (name) =>
  expect(() => parsePolicy(JSON.parse(`{"${name}": 7}`))).toThrow(`${name} is not a member of a policy`),
);

test.each(INHERITED)("a schema has no type %s", (type) => {
  for (const relaxed of [true, false])
    expect(() => createGrammarBuilder({ relaxed }).schema({ type }, "$")).toThrow(UnsupportedSchema);
});

test.each(INHERITED)("an agent knows no command %s, and says so", async (kind) => {
  const reported: object[] = [];
  const waiting = [{ command_id: "cmd_a", kind, lease_token: 1, payload: {} } as unknown as Command];
  const client = {
    async call(operation_id: string, { body }: { body: object }, options?: { signal?: AbortSignal }) {
      if (operation_id !== "pollCommands") return void reported.push(body);
      if (waiting.length > 0) return { commands: waiting.splice(0) };
      await new Promise((resolve) => options!.signal!.addEventListener("abort", resolve));
      return { commands: [] };
    },
  } as unknown as GatewayClient;
  const loop = createCommandLoop({ client, log: createLog({ level: "silent", program: "test" }), handlers: {} });
  loop.start();
  await expect.poll(() => reported.length).toBe(1);
  await loop.stop();
  expect(reported).toMatchObject([{ status: "failed", failure: { code: "command_not_supported" } }]);
});
