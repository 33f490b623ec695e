import { expect, it } from "vitest";
import { createProfiles } from "../../../../src/core/host/machine/profiles.ts";
import type { Runtime } from "../../../../src/core/host/runtimes/runtime.ts";
import type { SettingStore } from "../../../../src/store/sqlite/setting_store.ts";

const settings = { get: () => undefined, price: () => ({}) } as unknown as SettingStore;

it.each([
  ["it lists no model", { health: async () => ({ ready: true, reason: null }), models: async () => [] }],
  ["connection refused", { health: async () => ({ ready: false, reason: "connection refused" }) }],
  ["its list of models cannot be read", { health: () => Promise.reject(new Error("away")) }],
])("a runtime is ready, or there is a reason: %s", async (reason, runtime) => {
  const profiles = createProfiles({ runtime: { kind: "openai", ...runtime } as unknown as Runtime, settings });
  expect(profiles.ready).toBe(false);
  await profiles.refresh();
  expect([profiles.ready, profiles.reason]).toEqual([false, reason]);
});
