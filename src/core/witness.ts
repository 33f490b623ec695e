import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { openCheckpoint } from "./protocol/log/checkpoint.ts";
import { generateIdentity, publicKeyOf } from "./protocol/bytes/ed25519.ts";
import { rootHash, verifyConsistency } from "./protocol/log/merkle.ts";
import { cosign, formatNote, fromBase64, parseNote, type NoteKey } from "./protocol/log/note.ts";

export type WitnessAnswer = { status: number; text: string; type?: string };
export type Witness = {
  key: NoteKey;
  /** Answers the body of `POST /add-checkpoint`. */
  answer(body: string): WitnessAnswer;
  /** The checkpoint of a log that this witness signed last. */
  seen(origin: string): { size: number; root: string } | null;
};

/** A checkpoint, 63 hashes and lines of other witnesses take a few kB. */
const BODY_BYTES = 64 * 1024;
const EMPTY_ROOT = rootHash(0, () => Buffer.alloc(0));

/**
 * A witness (c2sp.org/tlog-witness). It signs a checkpoint of one of `logs` only after it has checked that the checkpoint
 * continues the one that it signed last, and has stored the new one. Key and state are files in `folder`, which one
 * witness at a time may use; a later witness continues from the stored state.
 */
export function openWitness({
  folder,
  name,
  logs,
}: {
  folder: string;
  name: string;
  logs: readonly NoteKey[];
}): Witness {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key_file = path.join(folder, "key");
  if (!fs.existsSync(key_file)) persist(key_file, generateIdentity().private_key);
  const private_key = fs.readFileSync(key_file, "utf8").trim();
  const key: NoteKey = { name, type: 4, public_key: publicKeyOf(private_key) };
  const stateFile = (origin: string) => path.join(folder, `log-${Buffer.from(origin).toString("hex")}`);

  function seen(origin: string): { size: number; root: string } | null {
    const file = stateFile(origin);
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as { size: number; root: string }) : null;
  }

  /** Synchronous from reading the state to writing it, so that two requests cannot both continue one state. */
  function answer(body: string): WitnessAnswer {
    const request = parseRequest(body);
    if (request === null) return { status: 400, text: "malformed\n" };
    const { old_size, proof, note, text } = request;
    const log = logs.find((known) => text.startsWith(`${known.name}\n`));
    if (!log) return { status: 404, text: "unknown log\n" };
    const opened = openCheckpoint(note, log);
    if (!opened.ok) return { status: opened.code === "invalid_signature" ? 403 : 400, text: `${opened.code}\n` };
    const { size, root } = opened.value.checkpoint;
    const known = seen(log.name);
    if (old_size > size) return { status: 400, text: "old size above the new\n" };
    const root_text = Buffer.from(root).toString("hex");
    if (old_size !== (known?.size ?? 0) || (known?.size === size && known.root !== root_text))
      return { status: 409, text: `${known?.size ?? 0}\n`, type: "text/x.tlog.size" };
    const old_root = known ? Buffer.from(known.root, "hex") : EMPTY_ROOT;
    if (!verifyConsistency(old_size, size, old_root, root, proof)) return { status: 422, text: "not consistent\n" };
    persist(stateFile(log.name), JSON.stringify({ size, root: root_text }));
    const line = cosign(text, key, private_key, Math.floor(Date.now() / 1000));
    return { status: 200, text: formatNote({ text, signatures: [line] }).slice(text.length + 1) };
  }

  return { key, answer, seen };
}

/** Serves a witness; rejects when the server cannot listen. `onAnswer` is called for each request. */
export async function serveWitness(
  witness: Witness,
  listen: { host: string; port: number },
  onAnswer: (status: number, body: string) => void = () => {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size <= BODY_BYTES) parts.push(part);
    });
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8");
      const given =
        size > BODY_BYTES
          ? { status: 413, text: "too large\n" }
          : request.url !== "/add-checkpoint" || request.method !== "POST"
            ? { status: 404, text: "POST /add-checkpoint\n" }
            : witness.answer(body);
      onAnswer(given.status, body);
      response.writeHead(given.status, { "content-type": given.type ?? "text/plain" }).end(given.text);
    });
    request.on("error", () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(":") ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The lines `old N`, hashes in base64, an empty line, and the note as it is. */
function parseRequest(body: string): { old_size: number; proof: Buffer[]; note: string; text: string } | null {
  const cut = body.indexOf("\n\n");
  const [first = "", ...lines] = body.slice(0, Math.max(0, cut)).split("\n");
  const digits = /^old (0|[1-9][0-9]{0,15})$/.exec(first)?.[1];
  if (cut < 0 || digits === undefined || lines.length > 63) return null;
  const note = body.slice(cut + 2);
  try {
    return { old_size: Number(digits), proof: lines.map(fromBase64), note, text: parseNote(note).text };
  } catch {
    return null;
  }
}

/** Writes a file whole or not at all, and returns when it is on disk. */
function persist(file: string, text: string): void {
  const temporary = `${file}.new`;
  const handle = fs.openSync(temporary, "w", 0o600);
  fs.writeSync(handle, text);
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(temporary, file);
  const folder = fs.openSync(path.dirname(file), "r");
  fs.fsyncSync(folder);
  fs.closeSync(folder);
}
