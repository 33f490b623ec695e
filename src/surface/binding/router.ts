import FindMyWay from "find-my-way";
import { OpenAPIRouter, type ParsedRequest, type Request as BackendRequest } from "openapi-backend";
import { operationsOf, type Document, type Operation } from "./document.ts";

export type Match = { operation: Operation; params: Record<string, string> };

/** The request that the surface passes through openapi-backend: parsed already, so that nothing is parsed twice. */
export type PreparedRequest = {
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
  query: Record<string, string | string[]>;
  cookies: Record<string, string>;
  params: Record<string, string>;
  body: unknown;
  operation: Operation;
};

type Method = "GET";
const SEARCHED: readonly string[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"];

/** OpenAPI template to find-my-way pattern; a tail parameter becomes the wildcard. */
function pattern(operation: Operation): { route: string; tail: string | undefined } {
  const escaped = operation.path.replaceAll(":", "::");
  const tail = operation["x-b3iq-tail"] ? /\{([^}/]+)\}$/.exec(escaped)?.[1] : undefined;
  if (operation["x-b3iq-tail"] && tail === undefined) {
    throw new Error(`${operation.operationId} has x-b3iq-tail, but its path does not end in a parameter`);
  }
  const templated = tail === undefined ? escaped : escaped.replace(/\{[^}/]+\}$/, "*");
  return { route: templated.replace(/\{([^}]+)\}/g, ":$1"), tail };
}

/**
 * openapi-backend's router over a radix tree, because its own router builds a RegExp for every path on every request.
 * The parsing of the surface is taken over and not repeated (see `PreparedRequest`).
 */
export class Router extends OpenAPIRouter {
  readonly #operations: Operation[];
  readonly #byId: Map<string, Operation>;
  readonly #tails = new Map<Operation, string>();
  readonly #literals: Set<string>;
  readonly #tree = FindMyWay({ maxParamLength: 2048, caseSensitive: true });

  constructor(definition: Document) {
    super({ definition });
    this.#operations = operationsOf(definition);
    this.#byId = new Map(this.#operations.map((operation) => [operation.operationId, operation]));
    if (this.#byId.size !== this.#operations.length) throw new Error("An operationId is used twice in the document");
    this.#literals = new Set(this.#operations.map((operation) => operation.path).filter((path) => !path.includes("{")));
    for (const operation of this.#operations) {
      const { route, tail } = pattern(operation);
      if (tail !== undefined) this.#tails.set(operation, tail);
      this.#tree.on(operation.method.toUpperCase() as Method, route, () => {}, operation);
    }
  }

  /** The operation for a method and a raw (still percent-encoded) path; HEAD falls back to GET. */
  find(method: string, path: string): Match | undefined {
    const found = this.#lookup(method, path);
    if (found || method !== "HEAD") return found;
    return this.#lookup("GET", path);
  }

  #lookup(method: string, path: string): Match | undefined {
    const found = this.#tree.find(method as Method, path);
    const operation = found?.store as Operation | undefined;
    if (!found || !operation) return undefined;
    // OpenAPI: a path without templates goes before those with, whatever its methods are.
    if (operation.path.includes("{") && this.#literals.has(path)) return undefined;
    const tail = this.#tails.get(operation);
    if (tail === undefined) return { operation, params: found.params as Record<string, string> };
    const { "*": rest, ...params } = found.params;
    return rest ? { operation, params: { ...params, [tail]: rest } as Record<string, string> } : undefined;
  }

  /** The methods that a path answers to, for `Allow`; empty for an unknown path. */
  methods(path: string): string[] {
    const found = SEARCHED.filter((method) => this.find(method, path) !== undefined);
    return found.length > 0 ? [...found, "OPTIONS"] : [];
  }

  override getOperations() {
    return this.#operations as unknown as ReturnType<OpenAPIRouter["getOperations"]>;
  }

  override getOperation(operationId: string) {
    return this.#byId.get(operationId) as unknown as ReturnType<OpenAPIRouter["getOperation"]>;
  }

  /** The surface matches before it calls openapi-backend, which needs the result once more. */
  override matchOperation(request: BackendRequest) {
    return (request as unknown as PreparedRequest).operation as unknown as ReturnType<
      OpenAPIRouter["getOperations"]
    >[number];
  }

  override parseRequest(request: BackendRequest): ParsedRequest {
    const prepared = request as unknown as PreparedRequest;
    return { ...prepared, requestBody: prepared.body } as unknown as ParsedRequest;
  }

  override parseRequestQuery(request: BackendRequest) {
    return (request as unknown as PreparedRequest).query;
  }
}
