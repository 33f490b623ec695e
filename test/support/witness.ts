import * as fs from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { openCheckpoint } from "../../src/core/protocol/checkpoint.ts";
import { generateIdentity, publicKeyOf } from "../../src/core/protocol/ed25519.ts";
import { verifyConsistency } from "../../src/core/protocol/merkle.ts";
import { cosign, formatNote, fromBase64, parseNote } from "../../src/core/protocol/note.ts";
import type { NoteKey } from "../../src/core/protocol/note.ts";

export type TestWitness = {
  key: NoteKey;
  url: string;
  requests: { status: number; body: string }[];
  seen(origin: string): { size: number; root: string } | null;
  close(): Promise<void>;
};

/**
 * A witness (c2sp.org/tlog-witness): signs a checkpoint only after it has checked that it continues the one that it
 * signed last, and stored that it signs it. State is a file in `folder`; another one on the same folder goes on from
 * there.
 */
export async function startWitness(
  folder: string,
  logs: readonly NoteKey[],
  name = "witness.test/w1",
): Promise<TestWitness> {
  const key_file = path.join(folder, "key");
  if (!fs.existsSync(key_file)) fs.writeFileSync(key_file, generateIdentity().private_key, { mode: 0o600 });
  const private_key = fs.readFileSync(key_file, "utf8");
  const key: NoteKey = { name, type: 4, public_key: publicKeyOf(private_key) };
  const requests: TestWitness["requests"] = [];

  const seen = (origin: string): { size: number; root: string } | null => {
    const file = stateFile(origin);
    return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as { size: number; root: string }) : null;
  };
  const stateFile = (origin: string) => path.join(folder, `log-${Buffer.from(origin).toString("hex")}`);

  /** Nothing awaits between reading the state and writing it, so that two requests can't both continue one state. */
  function answer(body: string): { status: number; text: string; type?: string } {
    const cut = body.indexOf("\n\n");
    const [first = "", ...proof_lines] = body.slice(0, Math.max(0, cut)).split("\n");
    const old_digits = /^old (0|[1-9][0-9]{0,15})$/.exec(first)?.[1];
    if (cut < 0 || old_digits === undefined || proof_lines.length > 63) return { status: 400, text: "malformed\n" };
    const old_size = Number(old_digits);
    let proof: Buffer[];
    let text: string;
    try {
      proof = proof_lines.map(fromBase64);
      text = parseNote(body.slice(cut + 2)).text;
    } catch {
      return { status: 400, text: "malformed\n" };
    }
    const log = logs.find(({ name: origin }) => text.startsWith(`${origin}\n`));
    if (!log) return { status: 404, text: "unknown log\n" };
    const opened = openCheckpoint(body.slice(cut + 2), log);
    if (!opened.ok) return { status: opened.code === "invalid_signature" ? 403 : 400, text: `${opened.code}\n` };
    const { size, root } = opened.value.checkpoint;
    const known = seen(log.name);
    if (old_size > size) return { status: 400, text: "old size above the new\n" };
    if (old_size !== (known?.size ?? 0))
      return { status: 409, text: `${known?.size ?? 0}\n`, type: "text/x.tlog.size" };
    const root_text = Buffer.from(root).toString("hex");
    if (known && known.size === size && known.root !== root_text)
      return { status: 409, text: `${size}\n`, type: "text/x.tlog.size" };
    const old_root = known
      ? Buffer.from(known.root, "hex")
      : Buffer.from("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "hex");
    if (!verifyConsistency(old_size, size, old_root, root, proof)) return { status: 422, text: "not consistent\n" };
    persist(stateFile(log.name), JSON.stringify({ size, root: root_text }));
    const line = cosign(text, key, private_key, Math.floor(Date.now() / 1000));
    return { status: 200, text: formatNote({ text, signatures: [line] }).slice(text.length + 1) };
  }

  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request
      .on("data", (part: Buffer) => parts.push(part))
      .on("end", () => {
        const body = Buffer.concat(parts).toString("utf8");
        const {
          status,
          text,
          type = "text/plain",
        } = request.url === "/add-checkpoint" ? answer(body) : { status: 404, text: "" };
        requests.push({ status, body });
        response.writeHead(status, { "content-type": type }).end(text);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    key,
    requests,
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

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
