import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDocument } from "../../support/surface_document.ts";
import { bearer, customer, startSurface } from "../../support/surface.ts";
import type { Started } from "../../support/surface.ts";

/** A document in which one operation is given up and one may be cached. */
const changed = structuredClone(testDocument) as unknown as {
  paths: Record<string, Record<string, Record<string, unknown>>>;
};
Object.assign(changed.paths["/v1/billing/usage"]!["get"]!, {
  deprecated: true,
  "x-b3iq-deprecated-at": "2026-01-01T00:00:00Z",
  "x-b3iq-sunset-at": "2027-01-01T00:00:00Z",
});
const key = changed.paths["/v1/keys/{key_id}"]!["get"]!;
key["x-b3iq-cache-seconds"] = 7;
Object.assign(key["responses"] as object, { "304": { description: "known" } });

let started: Started;
beforeAll(async () => {
  started = await startSurface(
    { anonymous_rate: null, failure_rate: null, cors_origins: ["https://app.example"] },
    {},
    changed,
  );
});
afterAll(() => started.close());

const get = (path: string, headers: Record<string, string>, method = "GET") =>
  fetch(started.url + path, { method, headers });

describe("an operation that is given up", () => {
  test("says since when and until when, on success and on failure alike (RFC 9745, RFC 8594)", async () => {
    for (const headers of [bearer, {}]) {
      const answer = await get("/v1/billing/usage", headers);
      expect([answer.headers.get("deprecation"), answer.headers.get("sunset")]).toEqual([
        "@1767225600",
        "Fri, 01 Jan 2027 00:00:00 GMT",
      ]);
    }
    expect((await get("/v1/keys/key_a", customer)).headers.get("deprecation")).toBeNull();
  });
});

describe("a read that may be cached", () => {
  test("has a tag of its bytes, and is 304 without a body for who has them (RFC 9110 §13.1.2)", async () => {
    const answer = await get("/v1/keys/key_a", customer);
    const etag = answer.headers.get("etag")!;
    expect([answer.status, answer.headers.get("cache-control"), etag]).toEqual([
      200,
      "public, max-age=7",
      expect.stringMatching(/^"[\w-]{22}"$/),
    ]);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      const again = await get("/v1/keys/key_a", { ...customer, "if-none-match": known });
      expect([again.status, await again.text(), again.headers.get("etag"), again.headers.get("content-type")]).toEqual([
        304,
        "",
        etag,
        null,
      ]);
      expect(again.headers.get("x-request-id")).toMatch(/^req_/);
    }
    expect((await get("/v1/keys/key_a", { ...customer, "if-none-match": etag }, "HEAD")).status).toBe(304);
    expect((await get("/v1/keys/key_b", { ...customer, "if-none-match": etag })).status).toBe(200);
    expect((await get("/v1/keys/key_a", { ...customer, "if-none-match": "x" })).status).toBe(200);
  });

  test("tells caches that the origin matters, and lets pages read the tag", async () => {
    const answer = await get("/v1/keys/key_a", { ...customer, origin: "https://app.example" });
    expect(answer.headers.get("vary")).toContain("Origin");
    expect(answer.headers.get("access-control-expose-headers")).toContain("etag");
  });

  test("a failure and every other operation are kept by nobody", async () => {
    for (const [path, headers] of [
      ["/v1/keys/nothing", customer],
      ["/v1/keys/key_a", {}],
      ["/v1/models/tiny", bearer],
    ] as const) {
      const answer = await get(path, headers);
      expect([answer.headers.get("cache-control"), answer.headers.get("etag")]).toEqual(["no-store", null]);
    }
  });
});

describe("the document and its pages", () => {
  test.each(["/openapi.json", "/docs/reference"])("%s is asked for again and not sent again", async (path) => {
    const answer = await get(path, {});
    const etag = answer.headers.get("etag")!;
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    const again = await get(path, { "if-none-match": etag });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  });
});
