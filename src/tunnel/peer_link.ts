import { connect, createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { within } from "../core/time.ts";
import { openAgentEnd, type AgentEnd, type Serve } from "./agent_end.ts";
import { openGatewayEnd, type GatewayEnd, type StreamCall, type TunnelAnswer } from "./gateway_end.ts";
import { TunnelError } from "./tunnel_error.ts";

const PINGS = { ping_interval_ms: 5_000, ping_timeout_ms: 5_000 };

/** The most connections; each other gateway has one. */
const PEERS_MAX = 1_000;

/** `address` is the one that other gateways dial. */
export type PeerListener = { address: string; close(): Promise<void> };

/** Listens for other gateways: both ends of a tunnel, over a plain TCP connection in a private network. */
export async function listenForPeers(host: string, port: number, serve: Serve): Promise<PeerListener> {
  const ends = new Set<AgentEnd>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const end = openAgentEnd(socket, {
      serve,
      max_concurrent_streams: 10_000,
      silence_timeout_ms: 3 * PINGS.ping_interval_ms,
      onDown() {},
    });
    ends.add(end);
    void end.closed.then(() => ends.delete(end));
  });
  server.maxConnections = PEERS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address() as AddressInfo;
  return {
    address: reachableAddress(bound),
    async close() {
      const stopped = new Promise((resolve) => server.close(resolve));
      for (const end of ends) end.destroy();
      await stopped;
    },
  };
}

/** The address to dial: for a listener on all addresses, the first IPv4 address that is not internal. */
function reachableAddress({ address, family, port }: AddressInfo): string {
  if (address !== "0.0.0.0" && address !== "::")
    return family === "IPv6" ? `[${address}]:${port}` : `${address}:${port}`;
  const outward = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .find((found) => !found.internal && found.family === "IPv4");
  return `${outward?.address ?? "127.0.0.1"}:${port}`;
}

/** Connections to other gateways, one for each peer, opened by the first call. */
export function createPeerConnections() {
  const peers = new Map<string, GatewayEnd>();

  function open(address: string): GatewayEnd {
    const at = new URL(`tcp://${address}`);
    const socket = connect({
      host: at.hostname.replace(/^\[|\]$/g, ""),
      port: Number(at.port),
      noDelay: true,
      keepAlive: true,
    });
    const end = openGatewayEnd(socket, {
      ...PINGS,
      settings_timeout_ms: PINGS.ping_timeout_ms,
      onDown: () => {
        if (peers.get(address) === end) peers.delete(address);
      },
    });
    peers.set(address, end);
    return end;
  }

  return {
    /**
     * Rejects with a TunnelError; `tunnel_down` with `sent: false` when the peer cannot be reached in
     * `connect_timeout_ms`.
     */
    async call(address: string, call: StreamCall): Promise<TunnelAnswer> {
      const end = peers.get(address) ?? open(address);
      const ready = end.ready.then(() => true);
      if (!(await within(ready, call.connect_timeout_ms, false, call.signal))) {
        if (call.signal?.aborted) throw new TunnelError("aborted", "the call was cancelled", false);
        throw new TunnelError("tunnel_down", "the other gateway did not answer in time", false);
      }
      return end.call(call);
    },
    async close(): Promise<void> {
      const ends = [...peers.values()];
      for (const end of ends) end.destroy();
      await Promise.all(ends.map((end) => end.closed));
    },
  };
}

export type PeerConnections = ReturnType<typeof createPeerConnections>;
