import { expect, test } from "vitest";
import { createLog, errorFields } from "../../src/core/log.ts";
import type { LogFields } from "../../src/core/log.ts";

function capture(): { lines: Record<string, unknown>[]; destination: { write(text: string): void } } {
  const lines: Record<string, unknown>[] = [];
  return { lines, destination: { write: (text) => void lines.push(JSON.parse(text)) } };
}

test("fields that are not allowed are dropped, whatever they hold", () => {
  const { lines, destination } = capture();
  const log = createLog({ level: "info", program: "test", destination });
  log.child({ gateway_id: "gw_1", customer_id: "cus_1" } as LogFields).info("tunnel_opened", {
    node_id: "node_1",
    prompt: "secret",
    authorization: "secret",
    reason: { deep: "secret" },
    url: "http://secret",
  } as unknown as LogFields);
  log.debug("not_logged");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    level: "info",
    event: "tunnel_opened",
    program: "test",
    gateway_id: "gw_1",
    node_id: "node_1",
  });
  expect(Object.keys(lines[0]!).sort()).toEqual(["event", "gateway_id", "level", "node_id", "pid", "program", "time"]);
});

test("a long value is cut", () => {
  const { lines, destination } = capture();
  createLog({ level: "info", program: "test", destination }).warn("odd", { reason: "x".repeat(10_000) });
  expect(lines[0]!["reason"]).toHaveLength(200);
});

test("of an error: name, code and place, never its message", () => {
  const error = Object.assign(new TypeError("prompt was: secret\n    at secret (/home/secret/x.ts:1:1)"), {
    code: "23505",
  });
  const fields = errorFields(error);
  expect(fields).toMatchObject({ error_name: "TypeError", error_code: "23505" });
  expect(fields.error_at).toMatch(/^core\/log\.test\.ts:\d+:\d+/);
  expect(JSON.stringify(fields)).not.toContain("secret");
});
