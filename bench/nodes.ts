/**
 * Thousands of nodes that heartbeat and poll over HTTP against one gateway: its CPU and memory, dead ones found in
 * time, no live one lost.
 */
import { say } from "./system_load.ts";
import { simulateNodes } from "./nodes_load.ts";

const NODES = Number(process.env["NODES"] ?? 10_000);
const SECONDS = Number(process.env["NODES_SECONDS"] ?? 120);

const { figures, problems } = await simulateNodes({
  nodes: NODES,
  seconds: SECONDS,
  dying: Math.max(1, Math.round(NODES / 100)),
});
for (const [name, [value, unit]] of Object.entries(figures)) say(`nodes_${name}`, value, unit);
for (const problem of problems) console.log(`PROBLEM ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
