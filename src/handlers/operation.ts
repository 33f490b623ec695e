/**
 * The types that tie a handler to its operationId: the document decides the form of inputs and answers. `Operations` is
 * the `operations` interface that openapi-typescript writes into `generated/`.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { AuditContext } from "../core/admin_tokens.ts";
import type { RouterCall } from "../core/protocol/calls/router_call.ts";

type MediaTypes<T> = T extends { content: infer C } ? C : never;
type BodyOf<C> = C extends { "application/json": infer J } ? J : C extends Record<string, unknown> ? Buffer : never;
type OrEmpty<T> = [T] extends [never] ? Record<never, never> : T;

/** The validated JSON body; a Buffer where the document has another media type; undefined where there is none. */
export type Body<O> = O extends { requestBody: infer R }
  ? BodyOf<MediaTypes<R>>
  : O extends { requestBody?: infer R }
    ? [NonNullable<R>] extends [never]
      ? undefined
      : BodyOf<MediaTypes<NonNullable<R>>> | undefined
    : undefined;

/** Path parameters, percent-decoded. */
export type Path<O> = O extends { parameters: { path: infer P } } ? P : Record<never, never>;

/** Query parameters: coerced to the documented types, with defaults filled in. Unknown names were refused before. */
export type Query<O> = O extends { parameters: { query?: infer Q } } ? OrEmpty<NonNullable<Q>> : Record<never, never>;

/** The input of a handler, which the document validates and types. */
export type Input<O> = { body: Body<O>; path: Path<O>; query: Query<O> };

type Extra = {
  headers?: Record<string, string>;
  /** HTTP trailers; they reach an HTTP/2 peer only. */
  trailers?: Record<string, string>;
};
type StatusReply<S, R> = R extends { content: infer C }
  ? {
      [M in keyof C]: M extends "application/json"
        ? { status: S; body: C[M] } & Extra
        : { status: S; media_type: M; content: string | Buffer | AsyncIterable<string> } & Extra;
    }[keyof C]
  : { status: S; body?: undefined } & Extra;

/** One of the documented answers; failures travel as thrown `ApiError`s. */
export type Reply<O> = O extends { responses: infer R }
  ? { [S in keyof R & number]: StatusReply<S, R[S]> }[keyof R & number]
  : never;

/** Returned by a handler that has written and ended its answer through `call.stream`. */
export const STREAMED: unique symbol = Symbol("streamed");
export type Streamed = typeof STREAMED;

/** The authenticated caller. Each kind is made by one `Authenticate` function of the core of the program. */
export type Principal =
  | {
      kind: "gateway_key";
      credential_id: string;
      customer_id: string | null;
      scopes: readonly string[];
      operator: boolean;
    }
  | { kind: "customer"; customer_id: string }
  | { kind: "admin"; name: string; roles: readonly string[] }
  | { kind: "node"; node_id: string; epoch: number; seq: number }
  | { kind: "router"; dispatch: RouterCall }
  | { kind: "local_key"; key_id: string }
  | { kind: "owner" }
  | { kind: "setup_token" }
  | { kind: "none" };

/** A stream of server-sent events to the caller. Bytes go out as given: the handler writes whole frames. */
export type EventSink = {
  readonly opened: boolean;
  /** Sends an HTTP/2 peer an interim answer that the call was accepted; over HTTP/1.1 nothing is sent. */
  accept(): void;
  /** Sends status 200 and the headers; a failure afterwards becomes one error frame. */
  open(headers?: Record<string, string>): void;
  /** Resolves when the connection takes more, rejects when the client left or made no progress. */
  write(bytes: Buffer | string): Promise<void>;
  /** Writes a `: text` line, which clients ignore and which keeps proxies from closing the connection. */
  comment(text: string): void;
  /** Ends the answer at once; trailers reach an HTTP/2 peer only. */
  end(trailers?: Record<string, string>): Promise<void>;
};

/** The facts of a call that a handler may know besides its input. */
export type Call = {
  request_id: string;
  operation_id: string;
  method: string;
  /** Path and query as sent. */
  target: string;
  client_address: string;
  /** `tunnel` when the gateway calls the agent over the agent's own tunnel. */
  transport: "direct" | "tunnel";
  /** Aborts with an Error when the client left. */
  signal: AbortSignal;
  /** The body's exact bytes, for signatures and fingerprints. */
  raw_body: Buffer;
  /** `performance.now()` at the arrival of the headers. */
  received_at: number;
  principal: Principal;
  /** The start of the audit row of an admin's act; throws where the document names no audit entry. */
  readonly audit: AuditContext;
  headers: Readonly<IncomingHttpHeaders>;
  header(name: string): string | undefined;
  /** The best of the offered media types for the caller's `Accept`, or undefined when none is acceptable. */
  accept(types: string[]): string | undefined;
  /** Sets a header of the answer, of a success and of a failure alike (x-ratelimit-*). */
  set_header(name: string, value: string): void;
  stream: EventSink;
};

export type Handler<O, Context> = (input: Input<O>, call: Call, context: Context) => Promise<Reply<O> | Streamed>;

/** One entry per operationId: a missing or misspelt handler does not compile. */
export type Handlers<Operations, Context> = { [Id in keyof Operations]: Handler<Operations[Id], Context> };
