import { ApiError } from "../../core/errors.ts";
import type { Exchange } from "./exchange.ts";

function hostName(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

/**
 * Refuses a `Host` that is not a name of this surface: a page that rebinds its own name to loopback must not reach a
 * local surface.
 */
export function refuseForeignHost(host: string | undefined, allowed: readonly string[] | null): void {
  if (allowed === null || (host !== undefined && allowed.includes(hostName(host)))) return;
  throw new ApiError("invalid_request", `The Host header must name this surface: ${allowed.join(", ")}.`, {
    param: "host",
  });
}

/** Refuses a browser's request from another site, which the owner's cookie would authenticate. */
export function refuseForeignOrigin({ method, headers }: Exchange): void {
  if (method === "GET" || method === "HEAD") return;
  const site = headers["sec-fetch-site"];
  const { origin, host } = headers;
  const sameSite = site === undefined || site === "same-origin" || site === "none";
  const sameOrigin = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (!sameSite || !sameOrigin)
    throw new ApiError("forbidden", "The owner's session works from the owner's own pages only.");
}
