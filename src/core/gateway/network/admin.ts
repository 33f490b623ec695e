import type { components } from "../../../../generated/hosted.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { openExposure } from "../../../store/postgres/ledger/open_holds.ts";
import { putStake as saveStake } from "../../../store/postgres/nodes/put_stake.ts";
import { updateNode } from "../../../store/postgres/nodes/update.ts";
import { bind } from "../../bind_context.ts";
import { ApiError } from "../../errors.ts";
import { formatWei, parseWei } from "../../protocol/bytes/wei.ts";
import type { AuditContext } from "../../admin_tokens.ts";
import { audited } from "../audit/audit.ts";
import type { Control, ControlView } from "../control.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { unknownNode } from "../not_found.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";
import { nodeClass } from "../receipts/lookup.ts";
import type { Benchmarks } from "../routing/benchmark.ts";
import { blockersOf, evaluateGates, tierOf } from "../routing/gates.ts";
import { describeBenchmark, describeKeys, describePrice, stakeStatus } from "./describe.ts";

type Schemas = components["schemas"];

export type NodeAdminContext = {
  db: Database;
  nodes: () => readonly NodeView[];
  node: (node_id: string) => NodeView | undefined;
  refresh: () => Promise<void>;
  control: ControlView;
  benchmarks: Benchmarks;
};

/** Nodes as admins see and change them; a change is in force when its answer is sent. */
export const createNodeAdmin = (context: NodeAdminContext) => bind(context, { get, list, update, putStake, benchmark });

function known({ node }: NodeAdminContext, node_id: string): NodeView {
  const found = node(node_id);
  if (!found) throw unknownNode();
  return found;
}

async function get(context: NodeAdminContext, node_id: string): Promise<Schemas["admin_node"]> {
  const node = known(context, node_id);
  const control = context.control.current();
  return {
    ...toSummary(node, control),
    inventory: node.inventory as Schemas["inventory"] | null,
    queue: node.inventory ? node.queue : null,
    profiles: node.profiles.map((profile) => toProfile(node, profile, control)),
    keys: describeKeys(node.keys),
    stake: toStake(node, control),
    open_exposure_wei: formatWei(await openExposure(context.db, node_id)),
  };
}

function list(
  { nodes, control }: NodeAdminContext,
  query: PageQuery & { status?: string | undefined; model?: string | undefined },
) {
  const { limit, after } = pageBounds(query);
  const now = control.current();
  const found = nodes().filter(
    (node) =>
      (after === null || node.node_id > after) &&
      (query.status === undefined || node.status === query.status) &&
      (query.model === undefined || node.profiles.some((profile) => profile.model_id === query.model)),
  );
  const sorted = [...found].sort((one, other) => (one.node_id < other.node_id ? -1 : 1));
  return toPage(
    sorted.slice(0, limit + 1),
    limit,
    (node) => node.node_id,
    (node) => toSummary(node, now),
  );
}

async function update(
  context: NodeAdminContext,
  node_id: string,
  { reason, ...change }: Schemas["admin_node_update"],
  audit: AuditContext,
) {
  const done = await updateNode(context.db, node_id, change, (result) =>
    result === "changed" ? audited(audit, node_id, { ...change, reason }) : null,
  );
  if (done === "unknown") throw unknownNode();
  if (done === "retired")
    throw new ApiError("conflict", "The node is retired, which is final; its owner can enroll a new one.");
  await context.refresh();
  return get(context, node_id);
}

async function putStake(
  context: NodeAdminContext,
  node_id: string,
  body: Schemas["stake_request"],
  audit: AuditContext,
) {
  const stake = {
    stake_registered: body.registered,
    stake_active: body.active,
    stake_wei: parseWei(body.stake_wei),
    stake_observed_at: new Date(body.observed_at),
    stake_max_open_exposure_wei: body.max_open_exposure_wei ? parseWei(body.max_open_exposure_wei) : null,
    stake_observed_block: body.observed_block ?? null,
  };
  const done = await saveStake(context.db, node_id, stake, (result) =>
    result === "changed" ? audited(audit, node_id, { ...body }) : null,
  );
  if (done === "unknown") throw unknownNode();
  if (done === "older") throw new ApiError("conflict", "A newer observation is in force.", { param: "observed_at" });
  await context.refresh();
  return { node_id, stake: toStake(known(context, node_id), context.control.current())! };
}

/** Measures a profile now; the observation is the act that is audited. */
async function benchmark(
  context: NodeAdminContext,
  node_id: string,
  body: Schemas["benchmark_request"],
  audit: AuditContext,
): Promise<Schemas["benchmark"]> {
  const { model, model_profile_id } = body;
  const profile = known(context, node_id).profiles.find(
    (one) => one.model_id === model && (model_profile_id === undefined || one.model_profile_id === model_profile_id),
  );
  if (!profile)
    throw new ApiError("model_not_found", "The node has no such profile of this model.", { param: "model" });
  const observed = await context.benchmarks.measure(node_id, profile, body.max_tokens, () =>
    audited(audit, node_id, { model }),
  );
  const fresh_until_ms = observed.observed_at.getTime() + context.control.current().benchmark_age_max_ms;
  return {
    node_id,
    model_id: profile.model_id,
    model_profile_id: profile.model_profile_id,
    prompt_tokens: observed.prompt_tokens,
    completion_tokens: observed.completion_tokens,
    ttft_ms: observed.ttft_ms,
    tokens_per_second: observed.tokens_per_second,
    observed_at: observed.observed_at.toISOString(),
    fresh_until: new Date(fresh_until_ms).toISOString(),
  };
}

function toSummary(node: NodeView, control: Control): Schemas["admin_node_summary"] {
  return {
    node_id: node.node_id,
    display_name: node.display_name,
    node_class: nodeClass(node.inventory) ?? "cpu",
    status: node.status,
    epoch: node.epoch,
    protocol_version: node.protocol_version,
    agent_version: node.agent_version,
    enrolled_at: node.first_seen.toISOString(),
    last_heartbeat_at:
      node.last_seen_age_ms === null ? null : new Date(Date.now() - node.last_seen_age_ms).toISOString(),
    online: node.online,
    tunnel: node.tunnel !== null,
    paused: node.paused,
    draining: node.draining,
    route_tier_override: node.route_tier_override as Schemas["route_tier"] | null,
    portable_paid_route: node.portable_paid_route,
    models: [...new Set(node.profiles.map((profile) => profile.model_id))],
    route_ready: node.profiles.some((profile) => blockersOf(node, profile, control).length === 0),
  };
}

function toProfile(node: NodeView, profile: ProfileView, control: Control): Schemas["admin_node_profile"] {
  const gates = evaluateGates(node, profile, control);
  return {
    model_profile_id: profile.model_profile_id,
    model_id: profile.model_id,
    status: profile.status,
    runtime_kind: profile.runtime_kind as Schemas["runtime_kind"],
    runtime_ready: profile.runtime_ready,
    route_tier: tierOf(node, profile) as Schemas["route_tier"],
    network_eligible: profile.network_eligible,
    benchmark_verified: profile.benchmark_verified,
    paid_route_eligible: !gates.some(
      ({ blocker }) => blocker === "model_not_paid_route_eligible" || blocker === "route_tier_blocked",
    ),
    route_ready: gates.every(({ blocker }) => blocker === null),
    context_length: profile.context_length,
    max_completion_tokens: profile.max_completion_tokens,
    parallel: profile.parallel,
    supported_parameters: [...profile.supported_parameters],
    asking_prompt_price_wei:
      profile.asking_prompt_price_wei === null ? null : formatWei(profile.asking_prompt_price_wei),
    asking_completion_price_wei:
      profile.asking_completion_price_wei === null ? null : formatWei(profile.asking_completion_price_wei),
    ...describePrice(profile, control),
    observed_benchmark: describeBenchmark(node.node_id, profile, control),
    gates: gates.map(({ gate, blocker }) => ({ gate, passed: blocker === null, blocker })),
  };
}

function toStake(node: NodeView, control: Control): Schemas["stake_observation"] | null {
  const { stake } = node;
  if (!stake) return null;
  return {
    registered: stake.registered,
    active: stake.active,
    stake_wei: formatWei(stake.stake_wei),
    max_open_exposure_wei: stake.max_open_exposure_wei === null ? null : formatWei(stake.max_open_exposure_wei),
    observed_at: stake.observed_at.toISOString(),
    observed_block: stake.observed_block,
    status: stakeStatus(node, control),
  };
}
