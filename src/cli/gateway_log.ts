import * as fs from "node:fs";
import { type LogCheck, LogContradiction, checkLog } from "../core/log_check.ts";
import { formatVerifierKey, parseVerifierKey, type NoteKey } from "../core/protocol/log/note.ts";
import { openWitness, serveWitness } from "../core/witness.ts";
import { UsageError, stopOnSignal } from "./program.ts";

type State = { key: string; note: string };

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * `b3iq-gateway log check --log URL --state FILE [--key KEY] [--witness KEY]... [--entries]`: checks a log from
 * outside, and that it continues what FILE keeps of the last check. The key is FILE's, or `--key`, or for a first check
 * the one that the log names. A contradiction ends with 1, its signed notes beside FILE.
 */
export async function checkPublicLog(values: {
  log?: string[];
  state?: string;
  key?: string;
  witness?: string[];
  entries?: true;
}): Promise<void> {
  const { log: [log = "", ...others] = [], state: file } = values;
  if (others.length > 0) throw new UsageError("log check takes one --log URL; check other logs with other FILEs");
  if (file === undefined || !/^https?:\/\//.test(log))
    throw new UsageError("log check needs --log URL (as https://gateway.example/v1/log) and --state FILE");
  const read = (path: string) => fetchFile(`${log.replace(/\/+$/, "")}/${path}`);
  const state = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as State) : null;
  const named = values.key ?? null;
  if (state !== null && named !== null && state.key !== named)
    throw new UsageError(`--key is not the key of ${file}; a log keeps its key, so this would be another log`);
  const vkey = state?.key ?? named ?? (JSON.parse((await read("key")).toString("utf8")) as { vkey: string }).vkey;
  try {
    const checked = await checkLog({
      read,
      key: verifierKey(vkey, 1),
      witnesses: (values.witness ?? []).map((text) => verifierKey(text, 4)),
      known: state?.note ?? null,
      entries: values.entries === true,
    });
    save(file, { key: vkey, note: checked.note });
    console.log(report(checked, values.entries === true));
  } catch (error) {
    if (!(error instanceof LogContradiction)) throw error;
    const evidence = `${file}.evidence-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    fs.writeFileSync(evidence, `${vkey}\n\n${error.notes.join("\n")}`, { flag: "wx" });
    throw new Error(`the log contradicts itself: ${error.message}; ${evidence} keeps what it signed`);
  }
}

/**
 * `b3iq-gateway log witness --name NAME --state FOLDER --log KEY... [--listen HOST:PORT]`: a witness
 * (c2sp.org/tlog-witness) for the logs of these keys, until a signal ends it.
 */
export async function witnessLogs(values: {
  name?: string;
  state?: string;
  log?: string[];
  listen: string;
}): Promise<void> {
  const { name, state } = values;
  const logs = (values.log ?? []).map((text) => verifierKey(text, 1));
  const listen = /^(.+):(\d{1,5})$/.exec(values.listen);
  if (name === undefined || !/^[^\s+]+$/.test(name) || state === undefined || logs.length === 0 || !listen)
    throw new UsageError("log witness needs --name NAME (no spaces), --state FOLDER, --log KEY; --listen is HOST:PORT");
  const witness = openWitness({ folder: state, name, logs });
  const served = await serveWitness(witness, { host: listen[1]!, port: Number(listen[2]) });
  stopOnSignal("b3iq-gateway", async () => served.close());
  console.log(
    `witness serves ${served.url}; for gateways: B3IQ_WITNESSES='${formatVerifierKey(witness.key)} ${served.url}'`,
  );
}

function report({ size, known_size, witnesses }: LogCheck, entries: boolean): string {
  return [
    `${size} leaves, signed by the log's key; the tiles${entries ? " and every entry" : ""} give the signed root`,
    known_size === null
      ? "first check: nothing to compare with"
      : `contains the ${known_size} leaves of the last check`,
    ...witnesses.map(
      ({ key, time_s }) => `co-signed by ${key.name} at ${new Date(Number(time_s) * 1000).toISOString()}`,
    ),
  ].join("\n");
}

function verifierKey(text: string, type: NoteKey["type"]): NoteKey {
  try {
    const key = parseVerifierKey(text);
    if (key.type === type) return key;
  } catch {
    // The error is below.
  }
  throw new UsageError(`"${text}" is not the verifier key of a ${type === 1 ? "log" : "witness"}: name+id+key`);
}

async function fetchFile(url: string): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const content = Buffer.from(await answer.arrayBuffer());
  if (content.length > MOST_BYTES) throw new Error(`${url} is larger than ${MOST_BYTES} bytes`);
  return content;
}

function save(file: string, state: State): void {
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(state)}\n`, { flush: true });
  fs.renameSync(`${file}.new`, file);
}
