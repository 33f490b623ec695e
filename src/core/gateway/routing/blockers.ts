/**
 * The blockers, each with its meaning and the operator's next action. Route readiness and the answers to heartbeats
 * show them. The codes are stable, and published (docs/design/nodes.md, Gates).
 */
export const BLOCKERS = {
  not_enrolled: {
    message: "The node is not enrolled.",
    next_action: "Complete the enrollment.",
  },
  approval_pending: {
    message: "The node is enrolled and waits for the approval of the network's operator; until then it gets no work.",
    next_action: "Give the operator this node's id and ask for its approval; the node needs no restart.",
  },
  node_suspended: {
    message: "The node was suspended or retired.",
    next_action: "Ask the network's operator why, and settle the matter.",
  },
  node_paused: { message: "The node's owner paused it.", next_action: "Resume it: b3iq-host resume." },
  node_draining: {
    message: "The node takes no new work because it is draining.",
    next_action: "Wait for its restart, or end the draining.",
  },
  node_offline: {
    message: "No fresh heartbeat arrived.",
    next_action: "Start the agent, and check that it can reach the gateway.",
  },
  agent_outdated: {
    message: "The agent speaks a protocol that is no longer served.",
    next_action: "Update the agent.",
  },
  tunnel_down: {
    message: "The node's tunnel is not open.",
    next_action: "Check that proxies on the way pass the Upgrade header; the agent reconnects by itself.",
  },
  runtime_not_ready: {
    message: "The model runtime does not answer.",
    next_action: "Start or configure the runtime, then let the agent probe it again.",
  },
  protocol_unregistered: {
    message: "The node is not registered in the stake registry.",
    next_action: "Finish the registration.",
  },
  protocol_inactive: {
    message: "The registry lists the node as inactive.",
    next_action: "Activate the node in the registry.",
  },
  protocol_stake_unsatisfied: {
    message: "The stake is below the minimum, or was not observed lately.",
    next_action: "Raise the stake, or ask the network's operator for a fresh observation.",
  },
  model_not_installed: { message: "The model is not installed on the node.", next_action: "Install the model." },
  model_not_network_eligible: {
    message: "The profile is not offered to the network.",
    next_action: "Offer the profile to the network in the agent's settings.",
  },
  model_not_paid_route_eligible: {
    message: "The profile may not take paid work in its tier.",
    next_action: "Ask the network's operator to enable paid routing for this node.",
  },
  model_benchmark_unverified: {
    message: "The node has not measured this profile itself.",
    next_action: "Run the benchmark smoke on the node.",
  },
  observed_benchmark_missing: {
    message: "The gateway has not measured this profile yet.",
    next_action: "Keep the node online and idle; it is measured within minutes.",
  },
  observed_benchmark_stale: {
    message: "The gateway's measurement of this profile is too old.",
    next_action: "Keep the node online and idle; it is measured again within minutes.",
  },
  route_tier_blocked: {
    message: "The profile's route tier takes no paid work.",
    next_action: "Use a runtime and tier that are approved for paid work.",
  },
  queue_blocked: {
    message: "The node reports a blocked or unhealthy queue.",
    next_action: "Clear the queue; the next heartbeat reports it.",
  },
  price_unknown: {
    message: "The profile has no price: neither the owner nor the network set one, or it is 0.",
    next_action: "Set an asking price: b3iq-host price set.",
  },
  price_out_of_bounds: {
    message: "The asking price lies outside the network's bounds for this model.",
    next_action: "Ask a price within the bounds.",
  },
  incident_paused: {
    message: "An incident pauses this traffic.",
    next_action: "Wait until the network's operator clears the incident.",
  },
  customer_policy_rejected: {
    message: "The customer's policy does not allow this model or tier.",
    next_action: "Change the policy or the request.",
  },
  capability_missing: {
    message: "The profile does not support what the request needs.",
    next_action: "Choose a model whose supported_parameters list it.",
  },
} as const satisfies Record<string, { message: string; next_action: string }>;

export type BlockerCode = keyof typeof BLOCKERS;
