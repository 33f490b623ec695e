/**
 * Three gateways are replaced one by one, under load, by a build with one more migration and the next protocol version;
 * agents of both protocols are attached from the beginning (docs/operate/gateway.md, Upgrade). `node
 * test/slow/network/upgrade.ts` prints the figures.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PROTOCOL_VERSION } from "../../../src/core/protocol/calls/node_protocol.ts";
import { readMigrations, schemaStatus } from "../../../src/store/postgres/migrate.ts";
import { eventually } from "../../support/system.ts";
import { must, pause, ROOT, startBed } from "../../support/network/bed.ts";
import { checkBooks } from "./kills.ts";
import { countBy, startLoad } from "../../support/network/load.ts";

const COPIED = ["bin", "src", "generated", "packages", "web", "package.json"];
/** Adds to the busiest tables, as the next release might. */
const MIGRATION = `
alter table holds add column next_release_note text;
alter table nodes add column next_release_note text;
alter table entries add column next_release_note text;
create table next_release (node_id text primary key);
`;

export type UpgradeReport = {
  replaced: number;
  requests: Record<string, number>;
  /** Of each gateway, from the signal to the end of the old process. */
  drained_ms: number[];
  agents: Record<string, number>;
  problems: string[];
};

/** A checkout of the next release: this one with one more migration and the next protocol. */
export function nextRelease(): { root: string; remove(): void } {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-next-"));
  for (const name of COPIED) fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
  const number = String(readMigrations().at(-1)!.version + 1).padStart(4, "0");
  fs.writeFileSync(path.join(root, "src/store/postgres/migrations", `${number}_next_release.sql`), MIGRATION);
  const file = path.join(root, "src/core/protocol/calls/node_protocol.ts");
  const before = fs.readFileSync(file, "utf8");
  const after = before.replace(
    `PROTOCOL_VERSION = ${PROTOCOL_VERSION};`,
    `PROTOCOL_VERSION = ${PROTOCOL_VERSION + 1};`,
  );
  if (after === before) throw new Error("the protocol version stands elsewhere now; see test/slow/network/upgrade.ts");
  fs.writeFileSync(file, after);
  return { root, remove: () => fs.rmSync(root, { recursive: true, force: true }) };
}

/** Replaces every gateway; `problems` is empty when every promise held. */
export async function upgradeNetwork(size: {
  gateways: number;
  agents: number;
  clients: number;
}): Promise<UpgradeReport> {
  const next = nextRelease();
  const behaviour = {
    tokens: Array.from({ length: 12 }, (_, i) => ` t${i}`),
    delay_ms: 40,
    first_delay_ms: 100,
    prompt_tokens: 9,
  };
  const bed = await startBed({
    ...size,
    behaviour,
    agent_env: { B3IQ_RUNTIME_SLOTS: "8" },
    agent_root: (index) => (index % 2 === 0 ? ROOT : next.root),
  }).catch((error: unknown) => {
    next.remove();
    throw error;
  });
  try {
    const problems: string[] = [];
    const { key } = await bed.customer();
    const load = startLoad(bed.front.url, key, size.clients);
    const drained_ms: number[] = [];
    for (const gateway of bed.gateways) {
      await pause(1_500);
      const started = performance.now();
      await gateway.stop();
      drained_ms.push(Math.round(performance.now() - started));
      const waited = gateway.start(next.root);
      await waited;
      await eventually(async () => (await fetch(`${gateway.url}/readyz`)).status === 200, 20_000);
      // Those of the release before live on with the schema of the next.
      for (const other of bed.gateways) {
        const ready = await fetch(`${other.url}/readyz`);
        if (ready.status !== 200) problems.push(`${other.name} is not ready on the new schema: ${await ready.text()}`);
      }
      await bed.untilEligible(size.agents, 30_000);
    }
    await pause(1_500);
    await load.stop();
    problems.push(...(await checkBooks(bed.db, load, [])));
    const requests = countBy(load.seen, ({ code }) => code);
    const failed = load.seen.filter(({ code }) => code !== "ok").length;
    if (failed > 0) problems.push(`${failed} of ${load.seen.length} requests failed: ${JSON.stringify(requests)}`);
    if ((await schemaStatus(bed.db)).state !== "ahead") problems.push("the new migration was not applied");
    const network = await must(bed.admin(bed.gateways[0]!).ask("GET", "/v1/public/network"));
    if (JSON.stringify(network.protocol_versions) !== JSON.stringify([PROTOCOL_VERSION, PROTOCOL_VERSION + 1]))
      problems.push(`served protocols: ${JSON.stringify(network.protocol_versions)}`);
    const { data } = await must(bed.admin(bed.gateways[0]!).ask("GET", "/v1/admin/nodes?limit=100"));
    const agents = countBy(
      data as { protocol_version: number }[],
      ({ protocol_version }) => `protocol_${protocol_version}`,
    );
    if (Object.keys(agents).length !== 2)
      problems.push(`agents of both protocols were to be attached: ${JSON.stringify(agents)}`);
    return { replaced: drained_ms.length, requests, drained_ms, agents, problems };
  } finally {
    await bed.stop();
    next.remove();
  }
}

if (import.meta.main) {
  const { problems, ...figures } = await upgradeNetwork({
    gateways: 3,
    agents: Number(process.argv[2] ?? 20),
    clients: 24,
  });
  for (const [name, value] of Object.entries(figures)) console.log(`upgrade_${name} ${JSON.stringify(value)}`);
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  process.exit(problems.length === 0 ? 0 : 1);
}
