import type { ValidateFunction } from "ajv";
import { dataOfEach, eventData, eventSplitter } from "../../core/event_stream.ts";
import type { MediaTypeObject, Operation, ResponseObject } from "./document.ts";
import { mediaType } from "../http/body.ts";
import { newAjv } from "./validators.ts";

/** An answer that the document does not allow; `problems` name places and rules, never values. */
export type Violation = { operation_id: string; status: number; media_type: string; problems: string[] };

/** Checks a stream while it is written. */
export type StreamCheck = { push(bytes: Buffer | string): void; end(): void };

type Answer = { method: string; status: number; headers: Record<string, unknown>; body: Buffer | string };

function documented(operation: Operation, status: number): ResponseObject | undefined {
  return operation.responses[String(status)] ?? operation.responses[`${Math.floor(status / 100)}XX`];
}

/** Whether the client of a stream asked for the usage frame; undefined where the body was not read. */
export type StreamAsked = { usage?: boolean };

type Chunk = { choices?: { index?: number; finish_reason?: string | null }[]; usage?: unknown };

/**
 * The rules of a chat stream as a whole, which no schema of one event can express: one finish reason for each choice,
 * usage only on request, nothing after `[DONE]`.
 */
function streamRules(asked: StreamAsked) {
  const finished = new Set<number>();
  let done = false;
  return (data: string, place: string): string[] => {
    const after = done ? [`${place} comes after [DONE]`] : [];
    if (data === "[DONE]") {
      done = true;
      return after;
    }
    const { choices = [], usage } = (parsed(data).value ?? {}) as Chunk;
    const again = choices.filter(({ index = 0, finish_reason }) => {
      if (finish_reason === undefined || finish_reason === null) return false;
      const second = finished.has(index);
      finished.add(index);
      return second;
    });
    const unasked =
      asked.usage === false && usage !== undefined && usage !== null
        ? [`${place} has usage, which was not asked for`]
        : [];
    return [...after, ...again.map(() => `${place} has a second finish_reason`), ...unasked];
  };
}

function parsed(text: string): { value?: unknown; broken: boolean } {
  try {
    return { value: JSON.parse(text), broken: false };
  } catch {
    return { broken: true };
  }
}

type Validators = { ajv: ReturnType<typeof newAjv>; compiled: WeakMap<object, ValidateFunction> };

export type ResponseChecker = {
  /** The violation of an answer, or undefined when the document allows it. */
  check(operation: Operation, answer: Answer): Violation | undefined;
  /** Checks an event stream while it is written; calls `report` for each bad event. */
  checkStream(operation: Operation, report: (violation: Violation) => void, asked?: StreamAsked): StreamCheck;
};

/**
 * Checks answers by operation, status and media type (openapi-backend's own check knows `application/json` only and
 * passes undocumented statuses). Event streams are checked event by event: the schema of `text/event-stream` is that of
 * one event.
 */
export function responseChecker(): ResponseChecker {
  const validators: Validators = { ajv: newAjv({ allErrors: true }), compiled: new WeakMap() };
  return {
    check: (operation, answer) => checkWhole(validators, operation, answer),
    checkStream: (operation, report, asked = {}) => checkStream(validators, operation, report, asked),
  };
}

function checkWhole(validators: Validators, operation: Operation, answer: Answer): Violation | undefined {
  const media = mediaType(answer.headers["content-type"] as string | undefined);
  const problems = answerProblems(validators, documented(operation, answer.status), media, answer);
  if (problems.length === 0) return undefined;
  return { operation_id: operation.operationId, status: answer.status, media_type: media, problems };
}

function answerProblems(
  validators: Validators,
  response: ResponseObject | undefined,
  media: string,
  { method, headers, body }: Answer,
): string[] {
  if (!response) return ["the status is not documented"];
  const missing = missingHeaders(response, headers);
  const content = response.content ?? {};
  if (Object.keys(content).length === 0)
    return [...missing, ...(body.length > 0 ? ["a body came where none is documented"] : [])];
  const documentedMedia: MediaTypeObject | undefined = content[media];
  if (!documentedMedia) return [...missing, "the media type is not documented"];
  if (method === "HEAD" || !documentedMedia.schema) return missing;
  return [...missing, ...contentProblems(validators, media, documentedMedia.schema, body.toString())];
}

function missingHeaders(response: ResponseObject, headers: Record<string, unknown>): string[] {
  return Object.entries(response.headers ?? {}).flatMap(([name, header]) =>
    (header as { required?: boolean }).required && headers[name.toLowerCase()] === undefined
      ? [`the header ${name} is missing`]
      : [],
  );
}

function contentProblems(validators: Validators, media: string, schema: object, text: string): string[] {
  if (media === "application/json") {
    const { value, broken } = parsed(text);
    return broken ? ["the body is not JSON"] : schemaProblems(validators, schema, value, "body");
  }
  const ofEach = (items: string[]) => items.flatMap((item, index) => eventProblems(validators, schema, item, index));
  if (media === "application/x-ndjson") return ofEach(text.split("\n").filter(Boolean));
  if (media === "text/event-stream") return ofEach(eventData(text));
  return (schema as { type?: unknown }).type === "string" ? schemaProblems(validators, schema, text, "body") : [];
}

function eventProblems(validators: Validators, schema: object, data: string, index: number): string[] {
  const place = `event ${index}`;
  if (data === "") return [`${place} is empty`];
  if (data === "[DONE]") return schemaProblems(validators, schema, data, place);
  const { value, broken } = parsed(data);
  return broken ? [`${place} is not JSON`] : schemaProblems(validators, schema, value, place);
}

function schemaProblems({ ajv, compiled }: Validators, schema: object, value: unknown, place: string): string[] {
  let validate = compiled.get(schema);
  if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .slice(0, 8)
    .map((error) => `${place}${error.instancePath} ${error.message} (${error.schemaPath})`);
}

function checkStream(
  validators: Validators,
  operation: Operation,
  report: (violation: Violation) => void,
  asked: StreamAsked,
): StreamCheck {
  const media_type = "text/event-stream";
  const schema = documented(operation, 200)?.content?.[media_type]?.schema;
  const tell = (problems: string[]) => {
    if (problems.length > 0) report({ operation_id: operation.operationId, status: 200, media_type, problems });
  };
  if (!schema) {
    tell(["the media type is not documented"]);
    return { push() {}, end() {} };
  }
  const rules = streamRules(asked);
  const splitter = eventSplitter();
  let index = 0;
  return {
    push(bytes) {
      const whole = splitter.push(Buffer.from(bytes)).flatMap(dataOfEach);
      tell(
        whole.flatMap((data) => [
          ...eventProblems(validators, schema, data, index),
          ...rules(data, `event ${index++}`),
        ]),
      );
    },
    end() {
      tell(splitter.isWithinEvent() ? ["the stream ended within an event"] : []);
    },
  };
}
