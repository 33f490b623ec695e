/**
 * Server-sent events (WHATWG HTML §9.2), as the agent reads its runtime, the gateway reads its nodes, and the surface
 * checks its own streams. Own code and not eventsource-parser: an event that is relayed goes out as its node wrote it,
 * and the parser gives fields without their lines.
 */

/** The largest event that is taken, in bytes with its line ends. */
export const EVENT_BYTES_MAX = 1024 * 1024;

const LF = 10;
const CR = 13;
const START_BYTES = 16 * 1024;

/**
 * Splits a byte stream into its events: the text of each with `\n` at its line ends and without the blank line. Lines
 * may end in LF, CRLF or CR. An event without its blank line is dropped, as the standard says. The time taken grows
 * with the number of bytes alone, however the bytes are cut into parts. Throws for an event above EVENT_BYTES_MAX.
 */
export async function* readEvents(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const splitter = eventSplitter();
  for await (const part of source) yield* splitter.push(part);
  yield* splitter.end();
}

/** The joined data lines of an event; null for an event without data lines, and for one whose data are empty. */
export function dataOf(event: string): string | null {
  const lines = event.split("\n").filter((line) => line.startsWith("data:") || line === "data");
  return lines.map((line) => line.slice(line[5] === " " ? 6 : 5)).join("\n") || null;
}

/** The data of an event as a list: empty for a comment, [""] for an event without data. */
export function dataOfEach(event: string): string[] {
  return isComment(event) ? [] : [dataOf(event) ?? ""];
}

/** The data of every event of a whole stream, without comments. An event at the end may lack its blank line. */
export function eventData(text: string): string[] {
  const splitter = eventSplitter();
  return [...splitter.push(Buffer.from(`${text}\n\n`)), ...splitter.end()].flatMap(dataOfEach);
}

/** Whether all lines of an event are comments. */
export function isComment(event: string): boolean {
  return event.split("\n").every((line) => line.startsWith(":"));
}

/** Takes a byte stream part by part and gives the events that each part completes. */
export function eventSplitter() {
  let buffer: Buffer = Buffer.allocUnsafe(START_BYTES);
  let used = 0;
  /** The start of the unfinished event, and the first byte that was not scanned. */
  let start = 0;
  let at = 0;
  let is_first = true;
  let line_is_empty = true;
  /** The last byte was a CR, which ends its line alone or together with an LF: the next byte decides. */
  let after_cr = false;

  const append = (part: Uint8Array) => {
    if (used + part.length > buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(used + part.length, 2 * buffer.length));
      buffer.copy(grown, 0, 0, used);
      buffer = grown;
    }
    buffer.set(part, used);
    used += part.length;
  };
  const check = (bytes: number) => {
    if (bytes > EVENT_BYTES_MAX) throw new Error(`an event is larger than ${EVENT_BYTES_MAX} bytes`);
  };
  const take = (end: number): string => {
    check(end - start);
    let stop = end;
    while (stop > start && (buffer[stop - 1] === LF || buffer[stop - 1] === CR)) stop--;
    const text = buffer.toString("utf8", start, stop);
    start = end;
    const event = is_first ? text.replace(/^\uFEFF/, "") : text;
    is_first = false;
    return event.includes("\r") ? event.replace(/\r\n?/g, "\n") : event;
  };
  const endLine = (end: number, events: string[]) => {
    const event = line_is_empty ? take(end) : "";
    if (event !== "") events.push(event);
    line_is_empty = true;
  };

  return {
    push(part: Uint8Array): string[] {
      append(part);
      const events: string[] = [];
      for (; at < used; at++) {
        const byte = buffer[at]!;
        if (after_cr && byte !== LF) endLine(at, events);
        after_cr = byte === CR;
        if (byte === LF) endLine(at + 1, events);
        else if (byte !== CR) line_is_empty = false;
      }
      check(used - start);
      buffer.copyWithin(0, start, used);
      [used, at, start] = [used - start, at - start, 0];
      return events;
    },
    end(): string[] {
      const events: string[] = [];
      if (after_cr) endLine(used, events);
      return events;
    },
    /** Whether an event has begun that no blank line has ended. */
    isWithinEvent: () => buffer.subarray(start, used).some((byte) => byte !== LF && byte !== CR),
  };
}
