import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataOf, EVENT_BYTES_MAX, isComment, readEvents } from "../../src/core/event_stream.ts";

const read = (parts: Iterable<Uint8Array | string>) =>
  Array.fromAsync(
    readEvents(
      (async function* () {
        for (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
      })(),
    ),
  );

/** A line's text has no line end in it. */
const line = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, "")}`),
  fc.constantFrom("data", "data:", "event: ping", ": comment", "id: 5", "data: {}"),
);
const END = fc.constantFrom("\n", "\r\n", "\r");
const stream = fc.array(
  fc.record({ lines: fc.array(fc.tuple(line, END), { minLength: 1, maxLength: 3 }), blank: END }),
  {
    maxLength: 6,
  },
);

describe("events of a byte stream", () => {
  it("are the same however its bytes are cut and its lines end", async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat({ max: 400 }), { maxLength: 12 }), async (events, cuts) => {
        // A CR before an LF is one line end, so two that would touch are kept apart by the line between them.
        const text = events.map(({ lines, blank }) => lines.map((one) => one.join("")).join("") + blank).join("");
        fc.pre(!events.some(({ lines, blank }) => lines.at(-1)![1] === "\r" && blank === "\n"));
        const bytes = Buffer.from(text);
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const parts = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        const expected = events.map(({ lines }) => lines.map(([said]) => said).join("\n"));
        expect(await read(parts)).toEqual(expected);
        expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["LF", "data: a\n\ndata: b\n\n"],
    ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n"],
    ["CR", "data: a\r\rdata: b\r\r"],
    ["mixed", "data: a\r\n\ndata: b\n\r\n"],
    ["a byte order mark before them", "\uFEFFdata: a\n\ndata: b\n\n"],
    ["blank lines around them", "\n\r\n\rdata: a\n\n\n\ndata: b\n\n\n"],
    ["an incomplete event behind them", "data: a\n\ndata: b\n\ndata: c\n"],
  ])("with %s", async (_name, text) => {
    expect(await read([text])).toEqual(["data: a", "data: b"]);
    expect(await read([...Buffer.from(text)].map((byte) => Uint8Array.of(byte)))).toEqual(["data: a", "data: b"]);
  });

  it("are taken up to the limit, and one above it is refused before it ends", async () => {
    const longest = `data: ${"x".repeat(EVENT_BYTES_MAX - 8)}\n\n`;
    expect((await read([longest, longest])).map(({ length }) => length)).toEqual(Array(2).fill(EVENT_BYTES_MAX - 2));
    await expect(read([`data: ${"x".repeat(EVENT_BYTES_MAX)}`])).rejects.toThrow("larger than");
    await expect(read([`data: x${longest.slice(6)}`])).rejects.toThrow("larger than");
  });

  it("take time by their bytes alone: 1 MiB in pieces of 64 bytes", async () => {
    const bytes = Buffer.from(`data: ${"x".repeat(EVENT_BYTES_MAX - 8)}\n\n`);
    const pieces = Array.from({ length: bytes.length / 64 }, (_, at) => bytes.subarray(64 * at, 64 * (at + 1)));
    const started = performance.now();
    expect(await read(pieces)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("the data of an event", () => {
  it.each([
    ["data: a", "a"],
    ["data:a", "a"],
    ["data:  a", " a"],
    ["event: x\ndata: a\nid: 1\ndata: b", "a\nb"],
    ["data: a\ndata", "a\n"],
    ["event: ping", null],
    ["event: ping\ndata:", null],
    ["data: ", null],
    ["data", null],
    ["database: a", null],
    [": data: a", null],
  ])("%j is %j", (event, data) => expect(dataOf(event)).toBe(data));

  it("is no comment", () => {
    expect(isComment(": a\n: b")).toBe(true);
    expect(isComment(": a\nevent: ping")).toBe(false);
  });
});
