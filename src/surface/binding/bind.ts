import { OpenAPIBackend, type Context as BackendContext, type Request as BackendRequest } from "openapi-backend";
import { ApiError } from "../../core/errors.ts";
import type { Streamed } from "../../handlers/operation.ts";
import { satisfies, SCHEMES, type Authenticated } from "./credentials.ts";
import { operationsOf, type Document, type Operation } from "./document.ts";
import type { AnyReply } from "../http/reply.ts";
import { requireAdminRules } from "./roles.ts";
import { Router, type PreparedRequest } from "./router.ts";
import { validationError } from "./validation_errors.ts";
import { RequestValidator } from "./validators.ts";

/** One call on its way through openapi-backend: the functions by which the surface answers its hooks. */
export type BoundCall = {
  request: PreparedRequest;
  /** Finds the caller, once for all schemes of the operation. Rejects with an ApiError. */
  authenticate(): Promise<Authenticated>;
  /**
   * Reads and parses the body; called after authentication, so that strangers cannot make the process hold large
   * bodies.
   */
  loadBody(): Promise<unknown>;
  run(operationId: string): Promise<AnyReply | Streamed>;
};

/**
 * Skips the check of the document: the document is OpenAPI 3.1, and openapi-backend checks against 3.0. `make check`
 * lints it.
 */
class Api extends OpenAPIBackend {
  override validateDefinition() {
    return this.document;
  }
}

function schemesOf(definition: Document): string[] {
  return Object.keys((definition.components as { securitySchemes?: object } | undefined)?.securitySchemes ?? {});
}

function requireKnownSchemes(definition: Document): void {
  const strange = schemesOf(definition).filter((scheme) => !SCHEMES.includes(scheme));
  if (strange.length > 0)
    throw new Error(`The document has security schemes that the surface does not know: ${strange.join(", ")}`);
}

function requireSameIds(definition: Document, operationIds: string[]): void {
  const documented = operationsOf(definition).map((operation) => operation.operationId);
  const missing = documented.filter((id) => !operationIds.includes(id));
  const extra = operationIds.filter((id) => !documented.includes(id));
  if (missing.length > 0) throw new Error(`These operations have no handler: ${missing.join(", ")}`);
  if (extra.length > 0) throw new Error(`These handlers have no operation: ${extra.join(", ")}`);
}

type Step = (context: BackendContext, call: BoundCall) => unknown;

/**
 * The hooks, in the order in which openapi-backend calls them. Each refusal throws: nothing falls through to a handler.
 */
const HOOKS: Record<string, Step> = {
  async postSecurityHandler(_context, call) {
    // openapi-backend swallows errors of security handlers, so the refusal is read again here.
    await call.authenticate();
    call.request.body = await call.loadBody();
  },
  unauthorizedHandler() {
    throw new ApiError("unauthorized", "The credential is not accepted for this operation.");
  },
  validationFail(context) {
    const codes = (context.operation as unknown as Operation)["x-b3iq-invalid-code"];
    throw validationError(context.validation.errors ?? [], codes);
  },
  notFound() {
    throw new ApiError("not_found", "There is nothing at this path.");
  },
  methodNotAllowed() {
    throw new ApiError("method_not_allowed", "This method is not served on this path.");
  },
  notImplemented() {
    throw new ApiError("internal_error", "This operation has no handler.");
  },
};

/** A document with its references resolved, and the router over it. Rejects when it cannot be used. */
export async function openDocument(document: Document) {
  const api = new Api({ definition: structuredClone(document), strict: true, quick: false, validate: false });
  await api.init();
  const router = new Router(api.definition);
  api.router = router;
  return { api, router };
}

/**
 * Binds the operations of a document through openapi-backend: security, validation, dispatch by operationId. An unknown
 * or missing operation stops the start. Router and validator are replaced (router.ts, validators.ts).
 */
export async function bind(options: { document: Document; operationIds: string[]; lazy: boolean }) {
  requireKnownSchemes(options.document);
  const run: Step = (context, call) => call.run(context.operation.operationId!);
  const check =
    (scheme: string): Step =>
    async (_context, call) =>
      satisfies(await call.authenticate(), scheme);
  const { api, router } = await openDocument(options.document);
  api.validator = new RequestValidator(api.definition, router, options.lazy);
  api.validate = true;
  requireSameIds(api.definition, options.operationIds);
  operationsOf(api.definition).forEach(requireAdminRules);
  api.register({ ...HOOKS, ...Object.fromEntries(options.operationIds.map((id) => [id, run])) });
  for (const scheme of schemesOf(api.definition)) api.registerSecurityHandler(scheme, check(scheme));

  /** Authenticates, validates and runs. Rejects with an ApiError, or with what the handler threw. */
  async function dispatch(call: BoundCall): Promise<AnyReply | Streamed> {
    return (await api.handleRequest(call.request as unknown as BackendRequest, call)) as AnyReply | Streamed;
  }

  return { router, dispatch };
}

export type Binding = Awaited<ReturnType<typeof bind>>;
