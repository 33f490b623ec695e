import { randomBytes } from "node:crypto";
import { canonicalize } from "../bytes/canonical.ts";
import { fromBase64url, sha256Hex, toBase64url } from "../bytes/encoding.ts";

/** The joined answer of a chat, as a stream or in one piece. */
export type CommittedAnswer = {
  content?: string | null;
  reasoning?: string | null;
  /** `{ id, type, function: { name, arguments } }` in order of index; arguments joined, `index` left out. */
  tool_calls?: readonly unknown[] | null;
  finish_reason?: string | null;
};

/** 32 random bytes as base64url: without it, nobody can test guesses of a short prompt against a commitment. */
export function mintSalt(): string {
  return toBase64url(randomBytes(32));
}

/** SHA-256(salt || JCS(messages)) over the messages as the customer sent them; hex (docs/design/evidence.md). */
export function requestCommitment(salt: string, messages: unknown): string {
  return sha256Hex(fromBase64url(salt, 32), canonicalize(messages));
}

/**
 * SHA-256(salt || JCS({content, reasoning, tool_calls, finish_reason})) over the joined answer; hex
 * (docs/design/evidence.md). Absent, empty and null are one thing, null, since a stream and a plain answer differ there
 * and their customers' copies too.
 */
export function responseCommitment(salt: string, answer: CommittedAnswer): string {
  const joined = {
    content: answer.content || null,
    reasoning: answer.reasoning || null,
    tool_calls: answer.tool_calls && answer.tool_calls.length > 0 ? answer.tool_calls : null,
    finish_reason: answer.finish_reason || null,
  };
  return sha256Hex(fromBase64url(salt, 32), canonicalize(joined));
}
