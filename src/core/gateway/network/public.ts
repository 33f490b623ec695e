import type { components } from "../../../../generated/hosted.ts";
import type { Database } from "../../../store/postgres/database.ts";
import { newestCheckpoint } from "../../../store/postgres/log/checkpoints.ts";
import { countReceipts } from "../../../store/postgres/receipts/receipts.ts";
import { ApiError } from "../../errors.ts";
import { formatWei } from "../../protocol/bytes/wei.ts";
import type { Control, ControlView } from "../control.ts";
import type { TransportKeys } from "../nodes/transport_keys.ts";
import type { NodeView, ProfileView } from "../nodes/types.ts";
import { pageBounds, type PageQuery, toPage } from "../page.ts";
import { effectivePrice } from "../prices/effective.ts";
import { quotedPrices } from "../prices/reach.ts";
import { nodeClass } from "../receipts/lookup.ts";
import { withinCeilings } from "../routing/claims.ts";
import { blockersOf, tierOf } from "../routing/gates.ts";
import { describeBenchmark, describeKeys, describePrice, lastSeen, stakeStatus } from "./describe.ts";

type Schemas = components["schemas"];
type Offer = { node: NodeView; profile: ProfileView };

export type PublicPorts = {
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
 * Public evidence of the network: closed field lists, the same gates as routing, nothing of owners, routes or
 * customers.
 */
export function createPublicViews(ports: PublicPorts) {
  const ready = (node: NodeView, profile: ProfileView, control: Control) =>
    blockersOf(node, profile, control).length === 0;
  const listed = () => ports.nodes().filter((node) => node.status !== "pending" && node.status !== "retired");

  function toPublic(node: NodeView): Schemas["public_node"] {
    const control = ports.control.current();
    return {
      node_id: node.node_id,
      node_class: nodeClass(node.inventory) ?? "cpu",
      status: node.status,
      first_seen: node.first_seen.toISOString(),
      last_seen: lastSeen(node),
      stake_status: stakeStatus(node, control),
      models: node.profiles
        .filter((profile) => profile.network_eligible)
        .map((profile) => ({
          model_id: profile.model_id,
          model_profile_id: profile.model_profile_id,
          runtime_kind: profile.runtime_kind as Schemas["runtime_kind"],
          route_tier: tierOf(node, profile) as Schemas["route_tier"],
          route_ready: ready(node, profile, control),
          context_length: withinCeilings(profile, control).context_length,
          ...describePrice(profile, control),
          observed_benchmark: describeBenchmark(node.node_id, profile, control),
        })),
      keys: describeKeys(node.keys),
    };
  }

  return {
    nodes(query: PageQuery & { model?: string | undefined; route_ready?: boolean | undefined }) {
      const { limit, after } = pageBounds(query);
      const control = ports.control.current();
      const fits = (node: NodeView) => {
        const offered = node.profiles.filter(
          (profile) => query.model === undefined || profile.model_id === query.model,
        );
        if (query.model !== undefined && offered.length === 0) return false;
        return (
          query.route_ready === undefined ||
          offered.some((profile) => ready(node, profile, control)) === query.route_ready
        );
      };
      const found = listed()
        .filter((node) => (after === null || node.node_id > after) && fits(node))
        .sort((one, other) => (one.node_id < other.node_id ? -1 : 1));
      return toPage(found.slice(0, limit + 1), limit, (node) => node.node_id, toPublic);
    },
    /** Retired and suspended nodes too: their receipts must stay verifiable. */
    node(node_id: string) {
      const node = ports.node(node_id);
      if (!node) throw new ApiError("not_found", "There is no node with this id.", { param: "node_id" });
      return toPublic(node);
    },
    /** The key to which a client seals, with what it needs to check that the node made it. */
    async transportKey(node_id: string): Promise<Schemas["public_transport_key"]> {
      const key = ports.node(node_id) && (await ports.transport_key(node_id));
      if (!key)
        throw new ApiError("not_found", "This node is unknown, or has no transport key in force.", {
          param: "node_id",
        });
      return { ...key, leaf_index: await ports.transport_key_leaf(node_id, key.key_id) };
    },
    async network(): Promise<Schemas["network_status"]> {
      const control = ports.control.current();
      const nodes = listed();
      const newest = await newestCheckpoint(ports.db);
      const serving = nodes.flatMap((node) =>
        node.profiles.filter((profile) => ready(node, profile, control)).map((profile) => ({ node, profile })),
      );
      const shown = control.incidents.filter(({ scope }) => scope !== "node" && scope !== "customer");
      return {
        status: control.incidents.some(({ scope }) => scope === "global") ? "paused" : "ok",
        generated_at: new Date().toISOString(),
        gateway_version: ports.release,
        protocol_versions: ports.protocol_versions,
        nodes: {
          enrolled: nodes.length,
          online: nodes.filter(({ online }) => online).length,
          route_ready: new Set(serving.map(({ node }) => node.node_id)).size,
        },
        models: new Set(serving.map(({ profile }) => profile.model_id)).size,
        receipts: await countReceipts(ports.db),
        log: newest && {
          tree_size: newest.tree_size,
          root_hash: newest.root.toString("hex"),
          published_at: newest.published_at.toISOString(),
        },
        incidents: shown.map(({ scope, target, opened_at }) => ({
          scope: scope as Schemas["public_incident"]["scope"],
          target,
          opened_at: opened_at.toISOString(),
        })),
      };
    },
    profiles(query: PageQuery) {
      const { limit, after } = pageBounds(query);
      const control = ports.control.current();
      const offers = new Map<string, Offer[]>();
      for (const node of listed())
        for (const profile of node.profiles)
          if (profile.network_eligible)
            offers.set(profile.model_profile_id, [...(offers.get(profile.model_profile_id) ?? []), { node, profile }]);
      const found = [...offers]
        .filter(([id]) => after === null || id > after)
        .sort(([one], [other]) => (one < other ? -1 : 1));
      return toPage(
        found.slice(0, limit + 1),
        limit,
        ([id]) => id,
        ([id, by]) =>
          toProfile(
            id,
            by,
            control,
            by.filter(({ node, profile }) => ready(node, profile, control)),
          ),
      );
    },
  };
}

export type PublicViews = ReturnType<typeof createPublicViews>;

function toProfile(
  model_profile_id: string,
  by: Offer[],
  control: Control,
  serving: Offer[],
): Schemas["public_model_profile"] {
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
