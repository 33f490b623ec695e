import { openWitness, serveWitness } from "../../src/core/witness.ts";
import type { Witness } from "../../src/core/witness.ts";
import type { NoteKey } from "../../src/core/protocol/log/note.ts";

export type TestWitness = Pick<Witness, "key" | "seen"> & {
  url: string;
  requests: { status: number; body: string }[];
  close(): Promise<void>;
};

/** The witness of `b3iq-gateway log witness`, in this process; another one on the same folder goes on from there. */
export async function startWitness(
  folder: string,
  logs: readonly NoteKey[],
  name = "witness.test/w1",
): Promise<TestWitness> {
  const witness = openWitness({ folder, logs, name });
  const requests: TestWitness["requests"] = [];
  const listen = { host: "127.0.0.1", port: 0 };
  const served = await serveWitness(witness, listen, (status, body) => requests.push({ status, body }));
  return { key: witness.key, seen: witness.seen, requests, ...served };
}
