import type { ValidateFunction } from "ajv";
import type { MediaTypeObject, Operation, ResponseObject } from "./document.ts";
import { mediaType } from "../http/body.ts";
import { newAjv } from "./validators.ts";

/** An answer that the document does not allow; `problems` name places and rules, never values. */
export type Violation = { operation_id: string; status: number; media_type: string; problems: string[] };

/** Takes a stream as it is written. */
export type StreamCheck = { push(bytes: Buffer | string): void; end(): void };

type Answer = { method: string; status: number; headers: Record<string, unknown>; body: Buffer | string };

function documented(operation: Operation, status: number): ResponseObject | undefined {
  return operation.responses[String(status)] ?? operation.responses[`${Math.floor(status / 100)}XX`];
}

/** Whether the client of a stream asked for the frame with the usage; not known where the body was not looked at. */
export type StreamAsked = { usage?: boolean };

type Chunk = { choices?: { index?: number; finish_reason?: string | null }[]; usage?: unknown };

/**
 * What holds for a chat stream as a whole, and no schema of one event can say: one end a choice, usage only when asked,
 * nothing after `[DONE]`.
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

/** Splits an event stream into the data of its events; comments are skipped, several data lines are joined. */
export function eventData(text: string): string[] {
  return text.split(/\r?\n\r?\n/).flatMap((block) => {
    const lines = block.split(/\r?\n/).filter((line) => line.startsWith("data:"));
    return lines.length > 0 ? [lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n")] : [];
  });
}

function parsed(text: string): { value?: unknown; broken: boolean } {
  try {
    return { value: JSON.parse(text), broken: false };
  } catch {
    return { broken: true };
  }
}

/**
 * Checks answers by operation, status and media type (openapi-backend's own check knows `application/json` only and
 * passes undocumented statuses). Event streams are checked event by event: the schema of `text/event-stream` is that of
 * one event.
 */
export function responseChecker() {
  const ajv = newAjv({ allErrors: true });
  const compiled = new WeakMap<object, ValidateFunction>();

  function problems(schema: object, value: unknown, place: string): string[] {
    let validate = compiled.get(schema);
    if (!validate) compiled.set(schema, (validate = ajv.compile(schema)));
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .slice(0, 8)
      .map((error) => `${place}${error.instancePath} ${error.message} (${error.schemaPath})`);
  }

  function checkEvent(schema: object, data: string, index: number): string[] {
    const place = `event ${index}`;
    if (data === "") return [`${place} is empty`];
    if (data === "[DONE]") return problems(schema, data, place);
    const { value, broken } = parsed(data);
    return broken ? [`${place} is not JSON`] : problems(schema, value, place);
  }

  function checkContent(media: string, schema: object, text: string): string[] {
    if (media === "application/json") {
      const { value, broken } = parsed(text);
      return broken ? ["the body is not JSON"] : problems(schema, value, "body");
    }
    if (media === "application/x-ndjson")
      return text
        .split("\n")
        .filter(Boolean)
        .flatMap((line, index) => checkEvent(schema, line, index));
    if (media === "text/event-stream") return eventData(text).flatMap((data, index) => checkEvent(schema, data, index));
    return (schema as { type?: unknown }).type === "string" ? problems(schema, text, "body") : [];
  }

  function headerProblems(response: ResponseObject, headers: Record<string, unknown>): string[] {
    return Object.entries(response.headers ?? {}).flatMap(([name, header]) =>
      (header as { required?: boolean }).required && headers[name.toLowerCase()] === undefined
        ? [`the header ${name} is missing`]
        : [],
    );
  }

  /** The violation of an answer, or undefined when the document allows it. */
  function check(operation: Operation, answer: Answer): Violation | undefined {
    const media = mediaType(answer.headers["content-type"] as string | undefined);
    const response = documented(operation, answer.status);
    const found = (list: string[]) =>
      list.length > 0
        ? { operation_id: operation.operationId, status: answer.status, media_type: media, problems: list }
        : undefined;
    if (!response) return found(["the status is not documented"]);
    const missing = headerProblems(response, answer.headers);
    const content = response.content ?? {};
    if (Object.keys(content).length === 0) {
      return found([...missing, ...(answer.body.length > 0 ? ["a body came where none is documented"] : [])]);
    }
    const documentedMedia: MediaTypeObject | undefined = content[media];
    if (!documentedMedia) return found([...missing, "the media type is not documented"]);
    if (answer.method === "HEAD" || !documentedMedia.schema) return found(missing);
    return found([...missing, ...checkContent(media, documentedMedia.schema, answer.body.toString())]);
  }

  /** Checks an event stream while it is written; calls `report` for each bad event. */
  function checkStream(
    operation: Operation,
    report: (violation: Violation) => void,
    asked: StreamAsked = {},
  ): StreamCheck {
    const media = "text/event-stream";
    const schema = documented(operation, 200)?.content?.[media]?.schema;
    const tell = (list: string[]) => {
      if (list.length > 0)
        report({ operation_id: operation.operationId, status: 200, media_type: media, problems: list });
    };
    if (!schema) {
      tell(["the media type is not documented"]);
      return { push() {}, end() {} };
    }
    const rules = streamRules(asked);
    const decoder = new TextDecoder();
    let rest = "";
    let index = 0;
    return {
      push(bytes) {
        rest += typeof bytes === "string" ? bytes : decoder.decode(bytes, { stream: true });
        const cut = rest.lastIndexOf("\n\n");
        if (cut < 0) return;
        const whole = eventData(rest.slice(0, cut));
        rest = rest.slice(cut + 2);
        tell(whole.flatMap((data) => [...checkEvent(schema, data, index), ...rules(data, `event ${index++}`)]));
      },
      end() {
        tell(rest.trim() === "" ? [] : ["the stream ended within an event"]);
      },
    };
  }

  return { check, checkStream };
}

export type ResponseChecker = ReturnType<typeof responseChecker>;
