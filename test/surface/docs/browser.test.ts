import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { scalarScript } from "../../../src/surface/docs/scalar.ts";
import { bearer, rawExchange, startSurface } from "../../support/surface.ts";
import type { Started } from "../../support/surface.ts";

let started: Started;
afterEach(() => started.close());

const origin = "https://app.example";

describe("CORS", () => {
  const preflight = (from: string) =>
    fetch(`${started.url}/v1/chat/completions`, {
      method: "OPTIONS",
      headers: {
        origin: from,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-stainless-os",
      },
    });

  test("reflects what the browser asks for, for an allowed origin", async () => {
    started = await startSurface({ cors_origins: [origin] });
    const answer = await preflight(origin);
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "authorization,x-stainless-os",
    });
    expect(answer.headers.get("vary")).toContain("Origin");
  });

  test("exposes ids, waits and limits, on failures too", async () => {
    started = await startSurface({ cors_origins: [origin] });
    const answer = await fetch(`${started.url}/v1/chat/completions`, {
      method: "POST",
      headers: { ...bearer, origin, "content-type": "application/json" },
      body: JSON.stringify({ model: "m", messages: [{ role: "user" }], stream: true }),
    });
    const exposed = answer.headers.get("access-control-expose-headers")!.split(", ");
    expect(exposed).toEqual(
      expect.arrayContaining(["x-request-id", "retry-after", "x-ratelimit-remaining-requests", "x-b3iq-receipt-hash"]),
    );
    await answer.text();
    const refused = await fetch(`${started.url}/v1/chat/completions`, { method: "POST", headers: { origin } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, origin]);
  });

  test("says nothing to other origins, nor to any when unset", async () => {
    started = await startSurface({ cors_origins: [origin] });
    expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
    await started.close();
    started = await startSurface();
    const answer = await preflight(origin);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});

describe("names under which a local surface may be called", () => {
  test("keep a rebound name out", async () => {
    started = await startSurface({ allowed_hosts: ["127.0.0.1", "localhost"] });
    const as = (host: string) =>
      rawExchange(started.port, `GET /v1/open HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await as(`localhost:${started.port}`)).toMatch(/^HTTP\/1.1 200/);
    expect(await as("evil.example")).toMatch(/^HTTP\/1.1 400/);
  });
});

describe("the reference", () => {
  test("is the bundle, and a page that names no other host", async () => {
    started = await startSurface();
    const document = (await (await fetch(`${started.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(document.paths)).toContain("/v1/chat/completions");
    const page = await fetch(`${started.url}/docs/reference`);
    const html = await page.text();
    const policy = page.headers.get("content-security-policy")!;
    expect(html).not.toMatch(/https?:\/\//);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);
    const scripts = [...html.matchAll(/<script[^>]* src="([^"]+)"[^>]*><\/script>/g)].map(([, address]) => address);
    expect(scripts).toEqual(["/docs/scalar.js", "/docs/reference.js"]);
    expect(html.match(/<script/g)).toHaveLength(2);
    const start = await (await fetch(`${started.url}/docs/reference.js`)).text();
    expect(start).toContain("withDefaultFonts: false");
    expect(start.replaceAll(/\/\/.*$/gm, "")).not.toMatch(/https?:/);
    const script = await fetch(`${started.url}/docs/scalar.js`);
    expect(script.headers.get("content-type")).toContain("text/javascript");
    expect((await script.arrayBuffer()).byteLength).toBeGreaterThan(1_000_000);
  });

  test("page's script is the file dist/browser/standalone.js of @scalar/api-reference 1.72.1", () => {
    const sum = createHash("sha256").update(scalarScript()).digest("hex");
    expect(sum).toBe("bf091006bdc3af6067af77c2f534812e3e633e94a94e87138069f570f33b762c");
  });

  test("can be off", async () => {
    started = await startSurface({ docs: { enabled: false } });
    expect((await fetch(`${started.url}/docs`)).status).toBe(404);
  });
});
