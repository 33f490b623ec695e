import type { components } from "../../../../generated/hosted.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../store/postgres/log/checkpoints.ts";
import { countReceipts } from "../../../store/postgres/receipts/receipts.ts";
import { bind } from "../../bind_context.ts";
import { ApiError } from "../../errors.ts";
import { formatWei } from "../../protocol/bytes/wei.ts";
import type { Control, ControlView } from "../control.ts";
import type { TransportKeys } from "../nodes/transport_keys.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { unknownNode } from "../not_found.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";
import { effectivePrice } from "../prices/effective.ts";
import { quotedPrices } from "../prices/reach.ts";
import { nodeClass } from "../receipts/lookup.ts";
import { withinCeilings } from "../routing/claims.ts";
import { blockersOf, tierOf } from "../routing/gates.ts";
import { describeBenchmark, describeKeys, describePrice, lastSeen, stakeStatus } from "./describe.ts";

type Schemas = components["schemas"];
type Offer = { node: NodeView; profile: ProfileView };

export type PublicContext = {
  db: Database;
  nodes: () => readonly NodeView[];
  node: (node_id: string) => NodeView | undefined;
  control: ControlView;
  release: string;
  protocol_versions: number[];
  transport_key: TransportKeys["current"];
  transport_key_leaf: (node_id: string, key_id: string) => Promise<number | null>;
};

/**
 * Public evidence of the network: closed lists of fields, the same gates as routing, and nothing about owners, routes
 * or customers.
 */
export const createPublicViews = (context: PublicContext) =>
  bind(context, { nodes, node, transportKey, network, profiles });

function nodes(
  context: PublicContext,
  query: PageQuery & { model?: string | undefined; route_ready?: boolean | undefined },
) {
  const { limit, after } = pageBounds(query);
  const control = context.control.current();
  const found = listed(context)
    .filter((one) => (after === null || one.node_id > after) && fits(one, control, query))
    .sort((one, other) => (one.node_id < other.node_id ? -1 : 1));
  return toPage(
    found.slice(0, limit + 1),
    limit,
    (one) => one.node_id,
    (one) => toPublic(one, control),
  );
}

/** Shows retired and suspended nodes too, since their receipts must stay verifiable. */
function node(context: PublicContext, node_id: string) {
  const found = context.node(node_id);
  if (!found) throw unknownNode();
  return toPublic(found, context.control.current());
}

/** The key to which clients seal, with the evidence that the node made the key. */
async function transportKey(context: PublicContext, node_id: string): Promise<Schemas["public_transport_key"]> {
  const key = context.node(node_id) && (await context.transport_key(node_id));
  if (!key)
    throw new ApiError("not_found", "This node is unknown, or has no transport key in force.", { param: "node_id" });
  return { ...key, leaf_index: await context.transport_key_leaf(node_id, key.key_id) };
}

async function network(context: PublicContext): Promise<Schemas["network_status"]> {
  const control = context.control.current();
  const enrolled = listed(context);
  const serving = enrolled.flatMap((one) =>
    one.profiles.filter((profile) => ready(one, profile, control)).map((profile) => ({ node: one, profile })),
  );
  const newest = await newestCheckpoint(context.db.pool);
  return {
    status: control.incidents.some(({ scope }) => scope === "global") ? "paused" : "ok",
    generated_at: new Date().toISOString(),
    gateway_version: context.release,
    protocol_versions: context.protocol_versions,
    nodes: {
      enrolled: enrolled.length,
      online: enrolled.filter(({ online }) => online).length,
      route_ready: new Set(serving.map((offer) => offer.node.node_id)).size,
    },
    models: new Set(serving.map(({ profile }) => profile.model_id)).size,
    receipts: await countReceipts(context.db),
    log: newest && {
      tree_size: newest.tree_size,
      root_hash: newest.root.toString("hex"),
      published_at: newest.published_at.toISOString(),
    },
    incidents: control.incidents.filter(({ scope }) => scope !== "node" && scope !== "customer").map(toIncident),
  };
}

function profiles(context: PublicContext, query: PageQuery) {
  const { limit, after } = pageBounds(query);
  const control = context.control.current();
  const found = [...offersByProfile(context)]
    .filter(([id]) => after === null || id > after)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return toPage(
    found.slice(0, limit + 1),
    limit,
    ([id]) => id,
    ([id, offers]) => toProfile(id, offers, control),
  );
}

/** Nodes that the public sees in lists. */
function listed(context: PublicContext): NodeView[] {
  return context.nodes().filter(({ status }) => status !== "pending" && status !== "retired");
}

function offersByProfile(context: PublicContext): Map<string, Offer[]> {
  const offers = new Map<string, Offer[]>();
  for (const one of listed(context))
    for (const profile of one.profiles)
      if (profile.network_eligible)
        offers.set(profile.model_profile_id, [...(offers.get(profile.model_profile_id) ?? []), { node: one, profile }]);
  return offers;
}

function ready(one: NodeView, profile: ProfileView, control: Control): boolean {
  return blockersOf(one, profile, control).length === 0;
}

/** Whether a node offers the model, and has a profile of the model that is ready or has none, as the query asks. */
function fits(
  one: NodeView,
  control: Control,
  { model, route_ready }: { model?: string | undefined; route_ready?: boolean | undefined },
): boolean {
  const offered = one.profiles.filter((profile) => model === undefined || profile.model_id === model);
  if (model !== undefined && offered.length === 0) return false;
  return route_ready === undefined || offered.some((profile) => ready(one, profile, control)) === route_ready;
}

function toPublic(one: NodeView, control: Control): Schemas["public_node"] {
  return {
    node_id: one.node_id,
    node_class: nodeClass(one.inventory) ?? "cpu",
    status: one.status,
    first_seen: one.first_seen.toISOString(),
    last_seen: lastSeen(one),
    stake_status: stakeStatus(one, control),
    models: one.profiles
      .filter((profile) => profile.network_eligible)
      .map((profile) => ({
        model_id: profile.model_id,
        model_profile_id: profile.model_profile_id,
        runtime_kind: profile.runtime_kind as Schemas["runtime_kind"],
        route_tier: tierOf(one, profile) as Schemas["route_tier"],
        route_ready: ready(one, profile, control),
        context_length: withinCeilings(profile, control).context_length,
        ...describePrice(profile, control),
        observed_benchmark: describeBenchmark(one.node_id, profile, control),
      })),
    keys: describeKeys(one.keys),
  };
}

function toIncident({ scope, target, opened_at }: Control["incidents"][number]): Schemas["public_incident"] {
  return { scope: scope as Schemas["public_incident"]["scope"], target, opened_at: opened_at.toISOString() };
}

function toProfile(model_profile_id: string, by: Offer[], control: Control): Schemas["public_model_profile"] {
  const serving = by.filter((offer) => ready(offer.node, offer.profile, control));
  const least = (pick: (profile: ProfileView) => number) =>
    Math.min(...by.map(({ profile }) => pick(withinCeilings(profile, control))));
  const observed = by.flatMap(
    ({ node, profile }) =>
      control.benchmarks.get(`${node.node_id} ${profile.model_profile_id}`)?.observed_at.getTime() ?? [],
  );
  const prices = quotedPrices(
    serving.flatMap(({ profile }) => {
      const price = effectivePrice(profile, control.prices.get(profile.model_id));
      return price.ok ? [price] : [];
    }),
  );
  const first = by[0]!.profile;
  return {
    model_profile_id,
    model_id: first.model_id,
    runtime_kind: first.runtime_kind as Schemas["runtime_kind"],
    context_length: least((profile) => profile.context_length),
    max_completion_tokens: least((profile) => profile.max_completion_tokens),
    default_max_tokens: least((profile) => profile.default_max_tokens),
    supported_parameters: [...first.supported_parameters],
    nodes: by.length,
    route_ready_nodes: serving.length,
    prompt_price: range(prices.map((price) => price.prompt_price_wei)),
    completion_price: range(prices.map((price) => price.completion_price_wei)),
    observed_at: observed.length > 0 ? new Date(Math.max(...observed)).toISOString() : null,
  };
}

function range(prices: bigint[]): Schemas["price_range"] | null {
  if (prices.length === 0) return null;
  const sorted = prices.sort((one, other) => (one < other ? -1 : 1));
  return { lowest_wei: formatWei(sorted[0]!), highest_wei: formatWei(sorted.at(-1)!) };
}
