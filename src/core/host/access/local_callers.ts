/** The context of the local operations, and the callers that they accept. */
import { ApiError } from "../../errors.ts";
import type { Agent } from "../agent.ts";
import type { LocalScope } from "./local_keys.ts";
import type { Managed } from "../gateway_link/managed.ts";

export type LocalCore = {
  agent: Agent;
  /** Null in Local Mode. */
  managed: Managed | null;
  agent_version: string;
  /** True once the agent was told to stop: no new chats begin. */
  draining: () => boolean;
};

/** `local`: not enrolled; `managed`: enrolled; `network`: enrolled, and the gateway names no blocker. */
export function modeOf({ managed }: LocalCore): "local" | "managed" | "network" {
  if (managed === null || !managed.enrolled) return "local";
  return managed.tunnel === "open" && managed.heard?.answer.blockers?.length === 0 ? "network" : "managed";
}

/** Functions by security scheme, for the surface. */
export function localAuthenticate(core: LocalCore) {
  const { access } = core.agent;
  return {
    async localKey(token: string) {
      return { kind: "local_key" as const, key_id: access.localKey(token).key_id };
    },
    async ownerSession(cookie: string) {
      if (!access.isSession(cookie)) throw new ApiError("unauthorized", "The session is over; log in again.");
      return { kind: "owner" as const };
    },
    async setupToken(token: string) {
      if (!access.isSetupToken(token)) {
        throw new ApiError("unauthorized", "This is not the setup token of this agent; it is in the secrets folder.");
      }
      return { kind: "setup_token" as const };
    },
    async router(call: {
      method: string;
      target: string;
      headers: Readonly<Record<string, string | string[] | undefined>>;
      body: Buffer;
    }) {
      if (core.managed === null) throw new ApiError("unauthorized", "This agent is not enrolled.");
      return core.managed.authenticate(call);
    },
  };
}

/** Throws `forbidden` when a local key lacks the scope; the owner has every scope. */
export function requireScope(core: LocalCore, principal: { kind: string; key_id?: string }, scope: LocalScope): void {
  if (principal.kind !== "local_key") return;
  const row = core.agent.access.keys().find((key) => key.key_id === principal.key_id);
  if (row?.scopes.split(" ").includes(scope)) return;
  throw new ApiError("forbidden", `This local key lacks the scope ${scope}.`);
}
