/** Calls operations by their ids, with the generated types of their document, over any transport. */

/** Method and path of an operation: an entry of generated/routes.ts. */
export type Route = { readonly method: string; readonly path: string };

/** One outgoing call: path and query are rendered; the body is a value that becomes JSON, or undefined. */
export type OperationCall<Id> = { operation_id: Id; method: string; path: string; body: unknown };

/** Carries a call and returns the answer's value. Rejects for every answer that is not a success. */
export type Send<Id, Options> = (call: OperationCall<Id>, options: Options) => Promise<unknown>;

/** The path parameters, query and body that an operation takes; names that it does not have are absent. */
export type InputOf<Operation> = PathOf<Operation> & QueryOf<Operation> & BodyOf<Operation>;

type PathOf<Operation> = Operation extends { parameters: { path: infer Path extends object } }
  ? { path: Path }
  : object;
type QueryOf<Operation> = Operation extends { parameters: { query: infer Query extends object } }
  ? { query: Query }
  : Operation extends { parameters: { query?: infer Query extends object } }
    ? { query?: Query }
    : object;
type BodyOf<Operation> = Operation extends { requestBody: { content: { "application/json": infer Body } } }
  ? { body: Body }
  : object;

/** The JSON of an operation's successes; undefined for one without content. */
export type AnswerOf<Operation> = Operation extends { responses: infer Responses }
  ? { [Status in keyof Responses & (200 | 201 | 202 | 204)]: JsonOf<Responses[Status]> }[keyof Responses &
      (200 | 201 | 202 | 204)]
  : never;

type JsonOf<Response> = Response extends { content: { "application/json": infer Json } } ? Json : undefined;

/** An input that may be empty may be left out, unless options follow. */
type Rest<Input, Options> = undefined extends Options
  ? object extends Input
    ? [input?: Input, options?: Options]
    : [input: Input, options?: Options]
  : [input: Input, options: Options];

export type Client<Operations, Options = undefined> = <Id extends keyof Operations>(
  operation_id: Id,
  ...rest: Rest<InputOf<Operations[Id]>, Options>
) => Promise<AnswerOf<Operations[Id]>>;

/** Makes the client of one document. `routes` is the document's table of generated/routes.ts. */
export function createClient<Operations, Options = undefined>(
  routes: Record<keyof Operations, Route>,
  send: Send<keyof Operations, Options>,
): Client<Operations, Options> {
  const call = (operation_id: keyof Operations, input: AnyInput = {}, options?: Options) => {
    const { method, path } = routes[operation_id];
    return send({ operation_id, method, path: targetOf(path, input), body: input.body }, options as Options);
  };
  // The one cast, from the received answer to its documented type.
  return call as Client<Operations, Options>;
}

type AnyInput = { path?: object; query?: object; body?: unknown };

/** Path and query of a call: each parameter in the place of its name, in percent-encoding. */
export function targetOf(template: string, { path = {}, query = {} }: AnyInput): string {
  const values = path as Record<string, unknown>;
  const rendered = template.replaceAll(/\{(\w+)\}/g, (_braces, name: string) =>
    encodeURIComponent(String(values[name])),
  );
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  if (asked.length === 0) return rendered;
  return `${rendered}?${new URLSearchParams(asked.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
