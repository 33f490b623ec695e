import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noteProgress } from "../../../../src/core/gateway/chat/notes.ts";
import type { Frame } from "../../../../src/core/gateway/node_calls/frames.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const frame = (content_bytes: number) => ({ content_bytes }) as Frame;

test("notes are written 1 s after the first content, then 2, 4 and 8 s after the note before, and only what is new", async () => {
  const noted: [number, object][] = [];
  const started = Date.now();
  const notes = noteProgress(async (delivered) => void noted.push([Date.now() - started, { ...delivered }]));
  notes.passed(frame(0));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(noted, "a frame without content begins nothing").toEqual([]);

  const begun = Date.now() - started;
  notes.passed(frame(3));
  await vi.advanceTimersByTimeAsync(999);
  expect(noted).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_001);
  notes.passed(frame(4));
  await vi.advanceTimersByTimeAsync(6_000);
  notes.passed(frame(5));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(noted).toEqual([
    [begun + 1_000, { content_bytes: 3, events: 1 }],
    [begun + 3_000, { content_bytes: 7, events: 2 }],
    [begun + 15_000, { content_bytes: 12, events: 3 }],
  ]);

  notes.passed(frame(1));
  notes.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(noted.length, "nothing is written behind the end").toBe(3);
});
