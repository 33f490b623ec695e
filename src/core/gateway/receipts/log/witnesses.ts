import { parseCheckpoint } from "../../../protocol/log/checkpoint.ts";
import { errorFields, type Logger } from "../../../log.ts";
import { consistencyProof } from "../../../protocol/log/merkle.ts";
import { parseNote, verifyNote, type NoteKey, type NoteSignature } from "../../../protocol/log/note.ts";
import { LogBehind } from "./guard.ts";
import type { TileReader } from "./tile_reader.ts";

/** A witness of the configured list: its key, and the URL before `/add-checkpoint`. */
export type Witness = { key: NoteKey; url: string };

/** A witness's answer: its signature lines, or the size of the tree that it knows, or the status of a refusal. */
type Answer = { signatures: NoteSignature[] } | { size: number } | { refused: number };

const TIMEOUT_MS = 2_000;
const ANSWER_MAX_BYTES = 16_384;

/**
 * Asks the configured witnesses for their signatures (c2sp.org/tlog-witness). When a witness knows a larger tree, or
 * refuses a consistency proof, this database is not the one that was published: LogBehind is thrown. A witness that does
 * not answer is left out.
 */
export function createWitnessClient({
  witnesses,
  reader,
  log,
}: {
  witnesses: readonly Witness[];
  reader: TileReader;
  log: Logger;
}) {
  /** The size of the tree that each witness is known to have signed last. */
  const sizes = new Map<Witness, number>();

  async function ask(witness: Witness, note: string, size: number, old_size: number): Promise<Answer> {
    const proof = await reader.compute(size, (read) => consistencyProof(old_size, size, read));
    const lines = proof.map((hash) => `${Buffer.from(hash).toString("base64")}\n`).join("");
    const response = await fetch(`${witness.url}/add-checkpoint`, {
      method: "POST",
      body: `old ${old_size}\n${lines}\n${note}`,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = (await response.text()).slice(0, ANSWER_MAX_BYTES);
    if (response.status === 409) {
      const digits = /^(0|[1-9][0-9]{0,15})\n$/.exec(text)?.[1];
      return digits === undefined ? { refused: 409 } : { size: Number(digits) };
    }
    if (response.status !== 200) return { refused: response.status };
    return { signatures: readLines(witness, note, text) };
  }

  async function cosignOne(witness: Witness, note: string, size: number): Promise<NoteSignature[]> {
    let old_size = Math.min(sizes.get(witness) ?? 0, size);
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await ask(witness, note, size, old_size);
      if ("signatures" in answer) {
        sizes.set(witness, size);
        return answer.signatures;
      }
      if ("refused" in answer) {
        if (answer.refused === 422) throw new LogBehind({ size, root: null }, "a witness that refuses the proof", true);
        throw new Error(`a witness answered ${answer.refused}`);
      }
      if (answer.size > size) throw new LogBehind({ size: answer.size, root: null }, "a witness");
      old_size = answer.size;
    }
    throw new Error("a witness names one size and then another");
  }

  return {
    keys: witnesses.map(({ key }) => key),
    /** The signature lines of the witnesses that answered in time. Throws LogBehind. */
    async cosign(note: string): Promise<NoteSignature[]> {
      const { size } = parseCheckpoint(parseNote(note).text);
      const answers = await Promise.allSettled(witnesses.map((witness) => cosignOne(witness, note, size)));
      const signatures: NoteSignature[] = [];
      for (const answer of answers) {
        if (answer.status === "fulfilled") signatures.push(...answer.value);
        else if (answer.reason instanceof LogBehind) throw answer.reason;
        else log.warn("log_witness_away", errorFields(answer.reason));
      }
      return signatures;
    },
  };
}

export type WitnessClient = ReturnType<typeof createWitnessClient>;

/** The witness's own line of its answer, verified under the configured key; other lines are dropped. */
function readLines(witness: Witness, note: string, text: string): NoteSignature[] {
  const { text: signed } = parseNote(note);
  const answered = parseNote(`${signed}\n${text}`);
  const verified = verifyNote(answered, [witness.key]);
  if (!verified.ok) throw new Error("a witness answered with a signature that does not verify");
  const own = answered.signatures.find((line) => {
    const alone = { text: signed, signatures: [line] };
    return verifyNote(alone, [witness.key]).ok;
  });
  return own === undefined ? [] : [own];
}
