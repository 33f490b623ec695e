import { afterEach, describe, expect, test } from "vitest";
import { clientAddress, parseCidrs } from "../../../src/surface/http/client_address.ts";
import { addressLimit } from "../../../src/surface/http/rate_limit.ts";
import { startSurface } from "../../support/surface.ts";
import type { Started } from "../../support/surface.ts";

describe("the client's address", () => {
  const trusted = parseCidrs(["10.0.0.0/8", "::1"]);
  test.each([
    ["no proxy trusted", "10.0.0.1", "1.2.3.4", null, "10.0.0.1"],
    ["an untrusted peer's header is ignored", "5.5.5.5", "1.2.3.4", trusted, "5.5.5.5"],
    ["one proxy", "10.0.0.1", "1.2.3.4", trusted, "1.2.3.4"],
    ["what the caller forged stands left", "10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", trusted, "1.2.3.4"],
    ["mapped IPv4", "::ffff:10.0.0.1", "1.2.3.4", trusted, "1.2.3.4"],
    ["garbage ends the walk", "10.0.0.1", "<script>", trusted, "10.0.0.1"],
    ["no header", "10.0.0.1", undefined, trusted, "10.0.0.1"],
  ])("%s", (_name, remote, forwarded, list, expected) => {
    expect(clientAddress(remote, forwarded, list)).toBe(expected);
  });

  test.each(["10.0.0.0/33", "::1/129", "local", "10.0.0.0/8/8", "10.0.0.0/"])("%s is no CIDR", (entry) => {
    if (entry === "10.0.0.0/") return expect(() => parseCidrs([entry])).not.toThrow();
    expect(() => parseCidrs([entry])).toThrow(/is not an address or CIDR/);
  });
});

describe("the bucket of an address", () => {
  test("lets the burst through, then the rate, and says when to come back", () => {
    let now = 0;
    const limit = addressLimit({ burst: 2, per_second: 4 }, () => now);
    const ask = () => {
      limit.check("a");
      limit.take("a");
    };
    ask();
    ask();
    expect(ask).toThrow(expect.objectContaining({ code: "rate_limited", retry_after_ms: 250 }));
    limit.check("b");
    now = 249;
    expect(ask).toThrow();
    now = 251;
    ask();
  });

  test("forgets the quietest caller when there are too many", () => {
    const limit = addressLimit({ burst: 1, per_second: 0.001 }, () => 0, 2);
    for (const address of ["a", "b", "c"]) limit.take(address);
    expect(limit.size()).toBe(2);
    expect(() => limit.check("c")).toThrow();
    limit.check("a");
  });

  test("one /64 is one caller", () => {
    const limit = addressLimit({ burst: 1, per_second: 1 }, () => 0);
    limit.take("2001:db8:0:1::5");
    expect(() => limit.check("2001:db8:0:1:9:9:9:9")).toThrow();
    limit.check("2001:db8:0:2::5");
  });
});

describe("callers without a key", () => {
  let started: Started;
  afterEach(() => started.close());

  test("are limited, by the address behind a trusted proxy", async () => {
    started = await startSurface({ anonymous_rate: { burst: 2, per_second: 0.5 }, trusted_proxies: ["127.0.0.0/8"] });
    const ask = (address: string) => fetch(`${started.url}/v1/open`, { headers: { "x-forwarded-for": address } });
    expect((await ask("1.1.1.1")).status).toBe(200);
    expect((await ask("1.1.1.1")).status).toBe(200);
    const refused = await ask("1.1.1.1");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("x-should-retry")).toBe("true");
    expect((await ask("2.2.2.2")).status).toBe(200);
  });

  test("that send wrong keys are limited, before the key is looked at", async () => {
    started = await startSurface({ failure_rate: { burst: 2, per_second: 0.01 } });
    const ask = (key: string) => fetch(`${started.url}/v1/models/m`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask("wrong")).status).toBe(401);
    expect((await ask("wrong")).status).toBe(401);
    expect((await ask("b3iq_gateway_good")).status).toBe(429);
  });

  test("that send wrong keys do not hold up a neighbour whose key was accepted lately", async () => {
    started = await startSurface({ failure_rate: { burst: 2, per_second: 0.01 } });
    const ask = (key: string) => fetch(`${started.url}/v1/models/m`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask("b3iq_gateway_good")).status).toBe(200);
    for (const status of [401, 401, 429]) expect((await ask("wrong")).status).toBe(status);
    expect((await ask("b3iq_gateway_good")).status).toBe(200);
  });
});
