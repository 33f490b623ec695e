/**
 * Faults of the whole: too many callers, a schema that is gone, a database that takes no connection. Every operation is
 * asked under each.
 */
import pg from "pg";
import { generateIdentity } from "../../../src/core/protocol/bytes/ed25519.ts";
import { formatVerifierKey } from "../../../src/core/protocol/log/note.ts";
import { testDatabase } from "../../support/database.ts";
import { eventually, pause, startSystem } from "../../support/system.ts";
import { rawNode } from "./node.ts";
import type { HostedWorld, Plan } from "./hosted_world.ts";
import type { Answer, Asked } from "./wire.ts";

/** A witness that never answers: without its signature the log publishes nothing. */
const UNREACHABLE = `${formatVerifierKey({ name: "witness.test/none", type: 4, public_key: generateIdentity().public_key })} http://127.0.0.1:9/`;

/**
 * A gateway that has nothing yet, whose limits of failed keys and of calls without a key are one: its log has no
 * checkpoint, and then every operation but those of health is answered 429.
 */
export async function exhausted(world: HostedWorld): Promise<{ first: Answer; answers: [string, Answer][] }> {
  const db = await testDatabase();
  const bare = await startSystem({
    database_url: db.url,
    gateway_env: {
      B3IQ_FAILED_KEYS_PER_MINUTE: "1",
      B3IQ_KEYLESS_REQUESTS_PER_MINUTE: "1",
      B3IQ_WITNESSES: UNREACHABLE,
      B3IQ_WITNESSES_MIN: "1",
    },
  });
  try {
    const first = await world.wire.ask({ method: "GET", url: "/v1/log/checkpoint" }, bare.url);
    await world.wire.ask(
      { method: "GET", url: "/v1/models", headers: { authorization: "Bearer b3iq_gateway_wrong" } },
      bare.url,
    );
    const answers: [string, Answer][] = [];
    for (const { operationId, responses } of world.wire.operations) {
      if (responses["429"] !== undefined)
        answers.push([operationId, await world.send(world.plan(operationId), "good", { at: bare.url })]);
    }
    return { first, answers };
  } finally {
    await bare.stop();
    await db.drop();
  }
}

/**
 * Asks every operation of the document that has the status, with a key that no gateway has seen, so that nothing
 * answers from memory.
 */
async function everyOperation(world: HostedWorld, status: number, fresh: Fresh): Promise<[string, Answer][]> {
  const answers: [string, Answer][] = [];
  for (const { operationId, responses } of world.wire.operations) {
    if (responses[String(status)] === undefined) continue;
    const plan = planOf(world, operationId, fresh);
    const headers = plan.operation.security[0]?.["gatewayKey"] ? { authorization: `Bearer ${fresh.key}` } : undefined;
    answers.push([operationId, await world.send(plan, "good", headers ? { headers } : {})]);
  }
  return answers;
}

type Fresh = { key: string; enrollment: Asked };

/** Made while all is well. */
async function freshOnes({ admin, seeds, wire }: HostedWorld): Promise<Fresh> {
  const { key } = await admin("createGatewayKey", {
    path: { customer_id: seeds.customer_id },
    body: { label: "fresh", scopes: ["models:read", "chat:create", "billing:read"], operator: false },
  });
  const stranger = rawNode(wire);
  return { key, enrollment: stranger.enrollment((await wire.ask(stranger.challenge())).json) };
}

function planOf(world: HostedWorld, id: string, fresh: Fresh): Plan {
  const plan = world.plan(id);
  return id === "enrollNode" ? { ...plan, body: fresh.enrollment.body } : plan;
}

/** Runs `work` while the tables of the gateway are under another name. */
export async function withoutTables(world: HostedWorld): Promise<[string, Answer][]> {
  const fresh = await freshOnes(world);
  await world.system.db.pool.query("alter schema public rename to elsewhere");
  try {
    await pause(FRESH_MS);
    return await everyOperation(world, 500, fresh);
  } finally {
    await world.system.db.pool.query("alter schema elsewhere rename to public");
    await settled(world);
  }
}

/** Runs `work` while the database takes no connection, and those that there were are cut. */
export async function withoutDatabase(world: HostedWorld): Promise<[string, Answer][]> {
  const fresh = await freshOnes(world);
  const { name, socket_dir } = world.system.db;
  const { rows } = await world.system.db.pool.query<{ user: string }>("select current_user as user");
  const elsewhere = new pg.Client({ host: socket_dir, port: 5432, user: rows[0]!.user, database: "postgres" });
  await elsewhere.connect();
  try {
    await elsewhere.query(`alter database ${name} allow_connections false`);
    await elsewhere.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
    await pause(FRESH_MS);
    return await everyOperation(world, 503, fresh);
  } finally {
    await elsewhere.query(`alter database ${name} allow_connections true`);
    await elsewhere.end();
    await settled(world);
  }
}

/** How long a gateway may answer with the checkpoint that it read last. */
const FRESH_MS = 500;

const settled = (world: HostedWorld) =>
  eventually(async () => (await world.wire.ask({ method: "GET", url: "/readyz" })).status === 200, 20_000);
