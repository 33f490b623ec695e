import { createHash } from "node:crypto";
import { OpenAPIBackend, OpenAPIRouter, OpenAPIValidator } from "openapi-backend";
import { describe, expect, test } from "vitest";
import { bind } from "../../../src/surface/binding/bind.ts";
import type { BoundCall } from "../../../src/surface/binding/bind.ts";
import type { Document } from "../../../src/surface/binding/document.ts";
import type { PreparedRequest } from "../../../src/surface/binding/router.ts";
import { testDocument } from "../../support/surface_document.ts";

const document = testDocument as unknown as Document;
const operationIds = [
  "chat",
  "model",
  "usage",
  "key",
  "removeKey",
  "tile",
  "entries",
  "beat",
  "owner",
  "tunnelCall",
  "open",
];

/** What bind.ts, router.ts and validators.ts replace or rely on, as it was when they were written against it. */
describe("openapi-backend is still what we override", () => {
  const sum = (text: unknown) =>
    createHash("sha256").update(String(text).replaceAll(/\s+/g, " ")).digest("hex").slice(0, 16);
  const backend = OpenAPIBackend.prototype as unknown as Record<string, unknown>;
  const router = OpenAPIRouter.prototype as unknown as Record<string, unknown>;
  const validator = OpenAPIValidator.prototype as unknown as Record<string, unknown>;

  test.each([
    ["init", backend["init"]],
    ["handleRequest", backend["handleRequest"]],
    ["validateDefinition", backend["validateDefinition"]],
    ["registerHandler", backend["registerHandler"]],
    ["registerSecurityHandler", backend["registerSecurityHandler"]],
    ["matchOperation", router["matchOperation"]],
    ["parseRequest", router["parseRequest"]],
    ["getOperations", router["getOperations"]],
    ["validateRequest", validator["validateRequest"]],
    ["buildRequestValidatorsForOperation", validator["buildRequestValidatorsForOperation"]],
    ["getAjv", validator["getAjv"]],
  ])("%s", (name, method) => {
    expect({ [name]: sum(method) }).toMatchSnapshot();
  });
});

describe("binding fails closed", () => {
  const call = (path: string, over: Partial<BoundCall> = {}): BoundCall & { ran: string[] } => {
    const ran: string[] = [];
    return {
      ran,
      request: {
        method: "GET",
        path,
        headers: {},
        query: {},
        cookies: {},
        params: {},
        body: undefined,
      } as unknown as PreparedRequest,
      authenticate: async () => ({ group: null, principal: { kind: "none" } }),
      loadBody: async () => undefined,
      run: async (id) => {
        ran.push(id);
        return { status: 200 };
      },
      ...over,
    };
  };

  async function dispatch(path: string, bound: BoundCall) {
    const binding = await bind({ document, operationIds, lazy: true });
    const match = binding.router.find("GET", path)!;
    Object.assign(bound.request, { operation: match.operation, params: match.params });
    return binding.dispatch(bound);
  }

  test("an authentication that names no scheme opens nothing", async () => {
    const bound = call("/v1/models/m");
    await expect(dispatch("/v1/models/m", bound)).rejects.toMatchObject({ code: "unauthorized" });
    expect(bound.ran).toEqual([]);
  });

  test("an authentication for another scheme opens nothing", async () => {
    const bound = call("/v1/models/m", {
      authenticate: async () => ({ group: "adminToken", principal: { kind: "admin", name: "a", roles: [] } }),
    });
    await expect(dispatch("/v1/models/m", bound)).rejects.toMatchObject({ code: "unauthorized" });
    expect(bound.ran).toEqual([]);
  });

  test("an authentication that throws opens nothing and its error arrives", async () => {
    const bound = call("/v1/models/m", { authenticate: () => Promise.reject(new Error("away")) });
    await expect(dispatch("/v1/models/m", bound)).rejects.toThrow("away");
    expect(bound.ran).toEqual([]);
  });

  test("what does not validate does not run", async () => {
    const bound = call("/v1/log/tile/x/0");
    await expect(dispatch("/v1/log/tile/x/0", bound)).rejects.toMatchObject({
      code: "invalid_request",
      param: "level",
    });
    expect(bound.ran).toEqual([]);
  });

  test("a missing or unknown handler stops the start", async () => {
    await expect(bind({ document, operationIds: operationIds.slice(1), lazy: true })).rejects.toThrow(
      "These operations have no handler: chat",
    );
    await expect(bind({ document, operationIds: [...operationIds, "other"], lazy: true })).rejects.toThrow(
      "These handlers have no operation: other",
    );
  });

  test("an unknown security scheme, and an unknown combination, stop the start", async () => {
    const strange = structuredClone(testDocument) as Record<string, unknown> & typeof testDocument;
    (strange.components.securitySchemes as Record<string, unknown>)["other"] = { type: "http", scheme: "basic" };
    await expect(bind({ document: strange as unknown as Document, operationIds, lazy: true })).rejects.toThrow(
      /does not know: other/,
    );
    const half = structuredClone(testDocument);
    (half.paths["/v1/keys/{key_id}"].get as { security: object[] }).security = [{ customerId: [] }];
    await expect(bind({ document: half as unknown as Document, operationIds, lazy: true })).rejects.toThrow(
      /key asks for customerId/,
    );
  });

  test("a schema that Ajv cannot compile stops the start", async () => {
    const broken = structuredClone(testDocument);
    (broken.components.schemas.Chat.properties.model as { pattern?: string }).pattern = "(";
    await expect(bind({ document: broken as unknown as Document, operationIds, lazy: false })).rejects.toThrow();
  });
});
