/**
 * Clients of a bed: endless plain and streamed chats through nginx, each known by its Idempotency-Key, and the result
 * of each.
 */
import { randomUUID } from "node:crypto";
import { Agent } from "undici";
import { FAKE_MODEL } from "../fake_runtime.ts";
import { pause } from "./bed.ts";

export type Told = { job_id: string; charged_wei: string; receipt_hash: string | null };

export type Seen = {
  key: string;
  body: { stream: boolean };
  /** `performance.now()` */
  started: number;
  /** The time of the body's first byte; null without a body. */
  first_byte: number | null;
  ended: number;
  status: number | null;
  /** `ok`, an error code, `cut` after the first byte, or `no_answer`. */
  code: string;
  /** The message of an error. */
  message?: string;
  /** The charge and receipt at the end of a whole answer. */
  told: Told | null;
};

export type Load = { seen: Seen[]; stop(): Promise<void> };

const LONGEST_MS = 120_000;

/** Starts clients that send one chat after the other, every second one streamed. */
export function startLoad(url: string, key: string, clients: number): Load {
  const dispatcher = new Agent({ connections: clients });
  const seen: Seen[] = [];
  let stopped = false;
  const running = Array.from({ length: clients }, async (_, client) => {
    for (let turn = client; !stopped; turn += 1) {
      const one = await chat(dispatcher, url, key, randomUUID(), { stream: turn % 2 === 0 });
      seen.push(one);
      if (one.code !== "ok") await pause(50);
    }
  });
  return {
    seen,
    async stop() {
      stopped = true;
      await Promise.all(running);
      await dispatcher.destroy();
    },
  };
}

/** One chat, and how it ended for its client. */
export async function chat(
  dispatcher: Agent,
  url: string,
  key: string,
  idempotency_key: string,
  { stream }: { stream: boolean },
): Promise<Seen> {
  const body = { stream, model: FAKE_MODEL, messages: [{ role: "user", content: idempotency_key }], max_tokens: 16 };
  const one: Seen = {
    key: idempotency_key,
    body,
    started: performance.now(),
    first_byte: null,
    ended: 0,
    status: null,
    code: "no_answer",
    told: null,
  };
  let text = "";
  try {
    const answer = await dispatcher.request({
      origin: url,
      path: "/v1/chat/completions",
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LONGEST_MS),
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": idempotency_key,
      },
    });
    one.status = answer.statusCode;
    one.code = "cut";
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      one.first_byte ??= performance.now();
      text += part.toString("utf8");
    }
    Object.assign(one, judged(answer.statusCode, String(answer.headers["content-type"]), text));
  } catch {
    // The facts known so far tell whether the cut came before or after the first byte.
  }
  one.ended = performance.now();
  return one;
}

function judged(status: number, type: string, text: string): Pick<Seen, "code" | "told" | "message"> {
  if (status !== 200) return { code: errorCode(text) ?? `proxy_${status}`, told: null, message: text.slice(0, 400) };
  if (!type.startsWith("text/event-stream")) return { code: "ok", told: toldBy(text) };
  const frames = text
    .split("\n\n")
    .filter((frame) => frame.startsWith("data: "))
    .map((frame) => frame.slice(6));
  if (frames.at(-1) === "[DONE]")
    return { code: "ok", told: toldBy(frames.filter((frame) => frame.includes('"b3iq"')).at(-1)!) };
  return { code: `stream_${errorCode(frames.at(-1) ?? "") ?? "cut"}`, told: null };
}

function errorCode(text: string): string | null {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? null;
  } catch {
    return null;
  }
}

function toldBy(text: string): Told {
  const { b3iq } = JSON.parse(text) as { b3iq: { job_id: string; charged_wei: string; receipt_hash?: string } };
  return { job_id: b3iq.job_id, charged_wei: b3iq.charged_wei, receipt_hash: b3iq.receipt_hash ?? null };
}

/**
 * Repeats a request that did not end in an answer, as its error says (409 `idempotency_in_flight` and 503: later
 * again), until it is answered, or known to be answered and charged. Answers with the last code.
 */
export async function repeated(url: string, key: string, lost: Seen, patience_ms = 60_000): Promise<Seen> {
  const dispatcher = new Agent();
  try {
    for (const until = performance.now() + patience_ms; ;) {
      const again = await chat(dispatcher, url, key, lost.key, lost.body);
      if (again.code === "ok" || again.code === "idempotency_completed" || performance.now() > until) return again;
      await pause(500);
    }
  } finally {
    await dispatcher.destroy();
  }
}

export function countBy<Item>(items: Item[], name: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[name(item)] = (counts[name(item)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1)));
}
