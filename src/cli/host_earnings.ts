/** Commands for earnings and the payout address. They ask the running agent, which signs calls to the gateway. */
import type { NodePayout, NodePayoutList, PayoutAddressState } from "../../generated/local.ts";
import { isPayoutAddress } from "../core/protocol/receipt/payout.ts";
import { owner } from "./host_owner.ts";
import { UsageError } from "./program.ts";

const HOUR_MS = 3_600_000;
const MOST_SHOWN = 1000;
const TOTALS: [keyof NodePayoutList["totals"], string, string][] = [
  ["maturing_wei", "maturing", "settled a short while ago; may still be disputed"],
  ["matured_wei", "matured", "goes into the next batch"],
  ["withheld_wei", "withheld", "held back by a refund, a review or a suspension"],
  ["set_off_wei", "set off", "taken for refunds of what had been paid already"],
  ["batched_wei", "in batches", "created or submitted, not final yet"],
  ["paid_wei", "paid", "final"],
];

/** `payout-address [0x...] [--json]`: shows the address or sets a new one, which must pass EIP-55 before any call. */
export async function payoutAddress(wanted: string | undefined, options: { json?: true }): Promise<void> {
  if (wanted !== undefined) assertAddress(wanted);
  const call = owner();
  const state = await (wanted === undefined
    ? call("getPayoutAddress")
    : call("updatePayoutAddress", { body: { payout_address: wanted } }));
  if (options.json) return print(state);
  if (wanted !== undefined) console.log(`signed by this node's identity; it applies ${delayOf(state)}`);
  for (const line of addressLines(state)) console.log(line);
}

/** `earnings [--limit N] [--json]`: totals by state, then the last payout batches. */
export async function earnings(options: { limit: string; json?: true }): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_SHOWN) {
    throw new UsageError(`--limit is a whole number from 1 to ${MOST_SHOWN}`);
  }
  const list = await owner()("listEarnings", { query: { limit } });
  if (options.json) return print(list);
  const width = Math.max(...TOTALS.map(([key]) => list.totals[key].length));
  for (const [key, name, meaning] of TOTALS) {
    const wei = list.totals[key];
    console.log(`${name.padEnd(10)}  ${wei.padStart(width)} wei  ${etherOf(wei)} ETH  (${meaning})`);
  }
  for (const line of addressLines(list)) console.log(line);
  for (const payout of list.data) console.log(payoutLine(payout));
  if (list.data.length === 0) console.log("payouts     none yet");
  if (list.next_cursor !== null) console.log(`payouts     older ones by --limit N, up to ${MOST_SHOWN}`);
}

/** Wei as ETH, exactly, without an exponent: 1 ETH is 10^18 wei. */
export function etherOf(wei: string): string {
  const digits = wei.padStart(19, "0");
  const fraction = digits.slice(-18).replace(/0+$/, "");
  return `${digits.slice(0, -18)}${fraction === "" ? "" : `.${fraction}`}`;
}

function assertAddress(text: string): void {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new UsageError("a payout address is 0x and 40 hexadecimal digits; nothing was sent");
  }
  if (/^0x0+$/.test(text)) throw new UsageError("the zero address takes no payouts; nothing was sent");
  if (!isPayoutAddress(text)) {
    throw new UsageError(
      "the capitals of this address are not its checksum (EIP-55): a digit is mistyped; copy it anew. Nothing was sent",
    );
  }
}

function addressLines({ payout_address, pending_payout_address, applies_at }: PayoutAddressState): string[] {
  const lines = [`paid to     ${payout_address ?? "no address in force yet"}`];
  if (pending_payout_address !== null) lines.push(`waiting     ${pending_payout_address}, applies at ${applies_at}`);
  else if (payout_address === null) lines.push("            b3iq-host payout-address 0x... sets one");
  return lines;
}

/** The delay between two times of the gateway's clock. */
function delayOf({ applies_at, server_time }: PayoutAddressState): string {
  if (applies_at === null) return "now";
  const hours = Math.round((Date.parse(applies_at) - Date.parse(server_time)) / HOUR_MS);
  return `after ${hours} hours, until then nothing changes`;
}

function payoutLine(payout: NodePayout): string {
  const { batch_id, status, amount_wei, receipt_count, payout_address, created_at, transaction_hash } = payout;
  return [
    `payout      ${batch_id}`,
    status,
    `${amount_wei} wei (${etherOf(amount_wei)} ETH)`,
    `${receipt_count} receipts`,
    created_at,
    `to ${payout_address ?? "no address"}`,
    `transaction ${transaction_hash ?? "none"}`,
  ].join("  ");
}

function print(answer: unknown): void {
  console.log(JSON.stringify(answer, null, 2));
}
