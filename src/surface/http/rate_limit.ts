import { isIPv6 } from "node:net";
import { LRUCache } from "lru-cache";
import { ApiError } from "../../core/errors.ts";

export type BucketRate = {
  /** How many requests an address may send at once after a pause. */
  burst: number;
  per_second: number;
};

type Bucket = { tokens: number; at: number };

/** The key of an address: one host owns a whole IPv6 /64, so a /64 is one caller. */
function callerOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const left = head.split(":").filter(Boolean);
  const right = (tail ?? "").split(":").filter(Boolean);
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return groups.slice(0, 4).join(":");
}

/**
 * A token bucket per client address, for callers without a key. The map is bounded: above `callers_max` the caller that
 * was quiet longest is forgotten, who may then send again a little early.
 */
export function addressLimit(rate: BucketRate, now: () => number = () => performance.now(), callers_max = 50_000) {
  const buckets = new LRUCache<string, Bucket>({ max: callers_max });

  function bucketOf(address: string): Bucket {
    const key = callerOf(address);
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now() };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now() - bucket.at) / 1000) * rate.per_second);
    bucket.at = now();
    buckets.set(key, bucket);
    return bucket;
  }

  function refuseEmpty(bucket: Bucket): void {
    if (bucket.tokens >= 1) return;
    const retry_after_ms = Math.ceil(((1 - bucket.tokens) / rate.per_second) * 1000);
    throw new ApiError(
      "rate_limited",
      "Too many requests without an accepted credential from this address; wait and try again.",
      {
        retry_after_ms,
        detail: { limit: "address" },
      },
    );
  }

  return {
    /** Throws `rate_limited` when the address has no token left; takes no token. */
    check(address: string): void {
      refuseEmpty(bucketOf(address));
    },
    /** Takes a token of the address; the count may fall below zero. */
    take(address: string): void {
      const bucket = bucketOf(address);
      bucket.tokens = Math.max(0, bucket.tokens - 1);
    },
    size: () => buckets.size,
  };
}

export type AddressLimit = ReturnType<typeof addressLimit>;
