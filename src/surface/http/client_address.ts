import { BlockList, isIP } from "node:net";

/** Reads addresses and CIDRs such as `10.0.0.0/8` and `::1`. Throws for any other text. */
export function parseCidrs(list: string[]): BlockList {
  const blocks = new BlockList();
  for (const entry of list) {
    const [address = "", bits, ...rest] = entry.trim().split("/");
    const family = isIP(address);
    const length = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
    const sound =
      family !== 0 &&
      rest.length === 0 &&
      Number.isInteger(length) &&
      length >= 0 &&
      length <= (family === 4 ? 32 : 128);
    if (!sound) throw new Error(`${entry} is not an address or CIDR such as 10.0.0.0/8`);
    blocks.addSubnet(address, length, family === 4 ? "ipv4" : "ipv6");
  }
  return blocks;
}

function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

function within(blocks: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && blocks.check(address, family === 4 ? "ipv4" : "ipv6");
}

/**
 * The caller's address: the nearest hop that is not a trusted proxy. `X-Forwarded-For` counts only when the connection
 * itself comes from a trusted proxy, and is read from the right, since everything left of the first untrusted hop can
 * be forged.
 */
export function clientAddress(
  remote: string | undefined,
  forwarded: string | undefined,
  trusted: BlockList | null,
): string {
  let address = plain(remote ?? "");
  if (trusted === null || forwarded === undefined) return address;
  const hops = forwarded.split(",").map((hop) => plain(hop.trim().replace(/^\[|\]$/g, "")));
  while (within(trusted, address)) {
    const next = hops.pop();
    if (next === undefined || isIP(next) === 0) break;
    address = next;
  }
  return address;
}
