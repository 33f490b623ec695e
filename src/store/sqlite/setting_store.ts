/** The owner's settings of this machine: asking prices, pause, slots kept for local use. */
import type { HostState } from "./host_state.ts";

export type AskingPrice = { prompt_price_wei: string | null; completion_price_wei: string | null };

const NO_PRICE: AskingPrice = { prompt_price_wei: null, completion_price_wei: null };

export type SettingStore = ReturnType<typeof createSettingStore>;

/** Prepares the statements of settings and prices. */
export function createSettingStore({ db }: HostState) {
  const get = db.prepare("select value from settings where name = ?");
  const set = db.prepare(
    "insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
  );
  const price = db.prepare("select prompt_price_wei, completion_price_wei from prices where model_profile_id = ?");
  const setPrice =
    db.prepare(`insert into prices (model_profile_id, prompt_price_wei, completion_price_wei) values (?, ?, ?)
    on conflict (model_profile_id) do update set prompt_price_wei = excluded.prompt_price_wei,
    completion_price_wei = excluded.completion_price_wei`);
  // Settings are cached in memory: every chat reads them, and only this process writes them.
  const values = new Map<string, string | undefined>();
  const prices = new Map<string, AskingPrice>();
  return {
    get(name: string): string | undefined {
      if (!values.has(name)) values.set(name, (get.get(name) as { value: string } | undefined)?.value);
      return values.get(name);
    },
    set(name: string, value: string): void {
      set.run(name, value);
      values.set(name, value);
    },
    price(model_profile_id: string): AskingPrice {
      const known = prices.get(model_profile_id);
      if (known !== undefined) return known;
      const asking = (price.get(model_profile_id) as AskingPrice | undefined) ?? NO_PRICE;
      prices.set(model_profile_id, asking);
      return asking;
    },
    setPrice(model_profile_id: string, asking: AskingPrice): void {
      setPrice.run(model_profile_id, asking.prompt_price_wei, asking.completion_price_wei);
      prices.set(model_profile_id, asking);
    },
  };
}
