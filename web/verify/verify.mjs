/**
 * Checks receipts, proofs, payouts and own copies of chats of a B3IQ gateway, without trusting it. One file, no
 * dependencies, for a browser and for `node verify.mjs FILE...` (Node 20 or newer). The file follows docs/protocol/
 * and shares no code with the gateway.
 *
 * Every check is a step { name, ok, detail }; `ok` is null when the input does not suffice for the check.
 */

const encoder = new TextEncoder();
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
/** y of the points of small order, sign bit cleared. Under such a key, anybody can make signatures that verify. */
const WEAK_KEYS = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

class Refused extends Error {}
const refuse = (why) => {
  throw new Refused(why);
};

// --- bytes ---

const concat = (...parts) => {
  const bytes = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const whole = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const sameBytes = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

function fromHex(text, length) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text) || text.length !== 2 * length)
    refuse(`expected ${length} bytes in lower-case hex`);
  return Uint8Array.from({ length }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** Decodes strictly: a value that is not encoded to the same text again is refused. */
function fromBase64(text) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return refuse("not base64");
  }
  return btoa(String.fromCharCode(...bytes)) === text ? bytes : refuse("not base64 in its one form");
}

function fromBase64url(text, length) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text)) refuse("not base64url without padding");
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4));
  return bytes.length === length ? bytes : refuse(`expected ${length} bytes, found ${bytes.length}`);
}

function subtle() {
  const found = globalThis.crypto?.subtle;
  return (
    found ??
    refuse(
      "this browser gives its cryptography only to https pages and to localhost; open the page there, or use Node",
    )
  );
}
const sha256 = async (...parts) => new Uint8Array(await subtle().digest("SHA-256", concat(...parts)));

/** Ed25519 (RFC 8032), strict: no key of small order, no encoding but the canonical one. */
async function ed25519(message, signature, public_key) {
  if (
    public_key.length !== 32 ||
    signature.length !== 64 ||
    !canonicalPoint(public_key) ||
    !canonicalPoint(signature.subarray(0, 32))
  )
    return false;
  const y = Uint8Array.from(public_key);
  y[31] &= 0x7f;
  if (WEAK_KEYS.has(toHex(y))) return false;
  const key = await subtle()
    .importKey("raw", public_key, { name: "Ed25519" }, false, ["verify"])
    .catch((error) =>
      error?.name === "NotSupportedError"
        ? refuse("this browser cannot check Ed25519 signatures; use a newer one, or run verify.mjs with Node")
        : null,
    );
  return key !== null && subtle().verify({ name: "Ed25519" }, key, signature, message);
}

function canonicalPoint(bytes) {
  const y = bytes.reduceRight((sum, byte, at) => (sum << 8n) | BigInt(at === 31 ? byte & 0x7f : byte), 0n);
  if (y >= 2n ** 255n - 19n) return false;
  return !(bytes[31] & 0x80) || (y !== 1n && y !== 2n ** 255n - 20n);
}

/** Canonical JSON (RFC 8785): members sorted by UTF-16 units, numbers and strings as ECMAScript writes them. */
export function canonicalize(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.keys(value)
      .filter((name) => value[name] !== undefined)
      .sort();
    return `{${members.map((name) => `${canonicalize(name)}:${canonicalize(value[name])}`).join(",")}}`;
  }
  if (typeof value === "string" && !value.isWellFormed()) refuse("a text with half a character");
  if (typeof value === "number" && !Number.isFinite(value)) refuse("a number that JSON does not have");
  return JSON.stringify(value);
}

// --- trees, notes and checkpoints (RFC 6962, C2SP) ---

const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/**
 * The root to which a path leads from a leaf; throws when the path has another length than the tree gives it (RFC 9162
 * §2.1.3.2).
 */
async function rootOfPath(leaf, index, size, path) {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    refuse("the index lies outside the tree");
  let hash = leaf;
  let at = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) refuse("the path is longer than the tree is high");
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : refuse("the path is shorter than the tree is high");
}

async function treeRoot(leaves) {
  if (leaves.length === 0) return fromHex(EMPTY_ROOT, 32);
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(await treeRoot(leaves.slice(0, split)), await treeRoot(leaves.slice(split)));
}

/** `name+id+base64(type || key)` (signed-note); the id must follow from the key. */
async function parseKey(text) {
  const [, name, id, material] =
    /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text?.trim?.() ?? "") ?? refuse("a key has the form name+id+base64");
  const bytes = fromBase64(material);
  if (bytes.length !== 33 || (bytes[0] !== 1 && bytes[0] !== 4)) refuse("only Ed25519 keys are known");
  const expected = (await sha256(name, "\n", bytes)).subarray(0, 4);
  return toHex(expected) === id
    ? { name, id: expected, type: bytes[0], public_key: bytes.subarray(1) }
    : refuse("the id of the key does not follow from it");
}

function parseNote(note) {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0 || !note.endsWith("\n")) refuse("a signed note is text, an empty line and signatures");
  const signatures = note
    .slice(cut + 2, -1)
    .split("\n")
    .map((line) => {
      const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? refuse("a signature line is malformed");
      const bytes = fromBase64(encoded);
      return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
    });
  const text = note.slice(0, cut + 1);
  const [origin, size, root, ...rest] = text.slice(0, -1).split("\n");
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size ?? "") || rest.includes("")) refuse("a checkpoint is origin, size and root");
  const root_bytes = fromBase64(root ?? "");
  if (root_bytes.length !== 32) refuse("the root of a checkpoint has 32 bytes");
  return { text, signatures, origin, size: Number(size), root: root_bytes };
}

/** True when this key signed the note, and all lines of the key verify. */
async function signedBy(note, key) {
  let found = false;
  for (const { name, id, signature } of note.signatures) {
    if (name !== key.name || !sameBytes(id, key.id)) continue;
    const stamp =
      key.type === 4 && signature.length === 72
        ? new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0)
        : null;
    const holds =
      key.type === 1
        ? await ed25519(encoder.encode(note.text), signature, key.public_key)
        : stamp !== null &&
          (await ed25519(
            encoder.encode(`cosignature/v1\ntime ${stamp}\n${note.text}`),
            signature.subarray(8),
            key.public_key,
          ));
    if (!holds) return false;
    found = true;
  }
  return found;
}

function parseProof(text) {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, Math.max(0, cut)).split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") refuse("a proof file begins with c2sp.org/tlog-proof@v1");
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const digits =
    /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? "")?.[1] ?? refuse("a proof file says the index of its leaf");
  const path = lines.map(fromBase64);
  if (path.length > 63 || path.some((hash) => hash.length !== 32)) refuse("a path is up to 63 hashes of 32 bytes");
  return { index: Number(digits), path, checkpoint: text.slice(cut + 2) };
}

// --- steps ---

/** Collects steps. A step that throws Refused fails with that reason; any other error is thrown on. */
function steps() {
  const list = [];
  return {
    list,
    async check(name, work) {
      try {
        const said = await work();
        list.push({
          name,
          ok: said !== false,
          detail: typeof said === "string" ? said : said === false ? "does not hold" : "",
        });
        return said !== false;
      } catch (error) {
        if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error;
        list.push({
          name,
          ok: false,
          detail: error instanceof Refused ? error.message : "something that belongs here is missing",
        });
        return false;
      }
    },
    skip: (name, detail) => list.push({ name, ok: null, detail }),
    result: () => ({
      ok: list.length > 0 && list.every(({ ok }) => ok !== false) && list.some(({ ok }) => ok),
      steps: list,
    }),
  };
}

async function nodeIdOf(public_key) {
  const digest = await sha256("b3iq-node-id-v1", Uint8Array.of(0), public_key);
  let bits = "";
  for (const byte of digest) bits += byte.toString(2).padStart(8, "0");
  return `node_${Array.from({ length: 26 }, (_, at) => BASE32[parseInt(bits.slice(5 * at, 5 * at + 5), 2)]).join("")}`;
}

const domain = (name) => concat(name, Uint8Array.of(0));

async function checkSignature({ check }, evidence) {
  const { receipt } = evidence;
  const text = () => encoder.encode(canonicalize(receipt));
  await check("The hash is that of the receipt", async () => {
    if (receipt?.type !== "b3iq.receipt.v1") refuse("not a receipt of type b3iq.receipt.v1");
    const hash = toHex(await sha256(domain("b3iq-receipt-v1"), text()));
    return hash === evidence.receipt_hash ? hash : refuse(`the receipt hashes to ${hash}`);
  });
  if (!evidence.node_key) return;
  await check("The node's id follows from its key", async () =>
    (await nodeIdOf(fromBase64url(evidence.node_key.ed25519_public_key, 32))) === receipt.node_id
      ? receipt.node_id
      : refuse("another key than that of the node that the receipt names"),
  );
  await check(
    "The node signed the receipt",
    async () =>
      (await ed25519(
        concat(domain("b3iq-receipt-v1"), text()),
        fromBase64url(evidence.signature_ed25519, 64),
        fromBase64url(evidence.node_key.ed25519_public_key, 32),
      )) || refuse("the signature does not verify under the node's key"),
  );
  await check("The key was the node's at that time", () => {
    const finished = Date.parse(receipt.finished_at);
    const { from, to } = evidence.node_key;
    // The receipt's time is cut to the minute.
    if (!(finished + 60_000 >= Date.parse(from)) || (to !== null && !(finished <= Date.parse(to))))
      refuse("the receipt lies outside the key's period");
    return `${from} to ${to ?? "now"}`;
  });
}

async function checkFigures({ check, skip }, { receipt, settled, status, reason }) {
  await check("The counts of tokens add up", () =>
    receipt.total_tokens === receipt.prompt_tokens + receipt.completion_tokens
      ? `${receipt.prompt_tokens} + ${receipt.completion_tokens}`
      : refuse("total_tokens is not their sum"),
  );
  if (!settled) {
    skip("It was charged as signed", status === "recorded" ? `not paid: ${reason}` : "no settled figures were given");
    return;
  }
  await check("Not more was charged than was signed", () => {
    if (settled.prompt_tokens > receipt.prompt_tokens || settled.completion_tokens > receipt.completion_tokens)
      refuse("more tokens were charged than the node signed");
    const price =
      BigInt(settled.prompt_tokens) * BigInt(receipt.prompt_price_wei) +
      BigInt(settled.completion_tokens) * BigInt(receipt.completion_price_wei);
    if (BigInt(settled.charged_wei) > price) refuse("more was charged than tokens times prices");
    return `${settled.charged_wei} wei`;
  });
  await check("Fee and payout are those of the signed rate", () => {
    const fee = (BigInt(settled.charged_wei) * BigInt(receipt.fee_bps)) / 10_000n;
    if (BigInt(settled.fee_wei) !== fee || BigInt(settled.payout_wei) !== BigInt(settled.charged_wei) - fee)
      refuse(`at ${receipt.fee_bps} basis points the fee is ${fee} wei`);
    return `${settled.fee_wei} + ${settled.payout_wei} wei`;
  });
}

/** The log's checkpoint: its signature under the key that the reader pinned, and the witnesses'. */
async function checkCheckpoint({ check, skip }, note, { log_key, witnesses = [], witnesses_min = 0 }) {
  if (!log_key) {
    skip("The log signed the checkpoint", "no key of the log was given; take it from /v1/log/key once, and keep it");
    return;
  }
  await check("The log signed the checkpoint", async () => {
    const key = await parseKey(log_key);
    if (note().origin !== key.name) refuse("the checkpoint is of another log than the key");
    return (await signedBy(note(), key))
      ? `${key.name}, size ${note().size}`
      : refuse("the log's signature does not verify");
  });
  if (witnesses.length === 0 && witnesses_min === 0) {
    skip("Witnesses saw the same log", "no witness was named");
    return;
  }
  await check("Witnesses saw the same log", async () => {
    const seen = [];
    for (const witness of witnesses) {
      const key = await parseKey(witness);
      if (await signedBy(note(), key)) seen.push(key.name);
    }
    return seen.length >= Math.max(1, witnesses_min)
      ? seen.join(", ")
      : refuse(`${seen.length} of the named witnesses signed`);
  });
}

/**
 * A receipt as `GET /v1/receipts/{hash}` answers it, or as a node signs it; with `proof` (the text of its proof file)
 * and `log_key` (`vkey` of `/v1/log/key`) also its place in the log.
 */
export async function verifyReceipt(evidence, options = {}) {
  const run = steps();
  await checkSignature(run, evidence);
  if (!evidence.node_key) run.skip("The node signed the receipt", "the node's key was not given");
  await checkFigures(run, evidence);
  if (!options.proof) {
    run.skip("The log contains the receipt", "no proof file was given");
    return run.result();
  }
  let proof;
  const note = () => parseNote(proof.checkpoint);
  await run.check("The log contains the receipt", async () => {
    proof = parseProof(options.proof);
    const { size, root } = note();
    const entry = await sha256(
      "b3iq-leaf-v1",
      fromHex(evidence.receipt_hash, 32),
      fromBase64url(evidence.signature_ed25519, 64),
    );
    if (!sameBytes(await rootOfPath(await leafHash(entry), proof.index, size, proof.path), root))
      refuse("the path does not lead to the checkpoint's root");
    if (Number.isInteger(evidence.leaf_index) && evidence.leaf_index !== proof.index)
      refuse("the proof is of another leaf than the receipt's answer names");
    return `leaf ${proof.index} of ${size}`;
  });
  if (proof) await checkCheckpoint(run, note, options);
  return run.result();
}

/** A customer's own copy of a chat against its receipt: the messages as sent, the answer as received, and its salt. */
export async function verifyChat(receipt, { messages, answer, commitment_salt }) {
  const run = steps();
  const salt = () => fromBase64url(commitment_salt, 32);
  await run.check("The receipt is of these messages", async () => {
    if (!Array.isArray(messages)) refuse("the messages are missing");
    return (
      toHex(await sha256(salt(), canonicalize(messages))) === receipt.request_commitment ||
      refuse("the node signed other messages")
    );
  });
  await run.check("The receipt is of this answer", async () => {
    const { content, reasoning, tool_calls, finish_reason } = answer;
    const joined = {
      content: content || null,
      reasoning: reasoning || null,
      tool_calls: tool_calls?.length > 0 ? tool_calls : null,
      finish_reason: finish_reason || null,
    };
    return (
      toHex(await sha256(salt(), canonicalize(joined))) === receipt.response_commitment ||
      refuse("the node signed another answer")
    );
  });
  return run.result();
}

/** The joined answer and its salt from what a client received: a chat.completion, or the text of a stream. */
export function joinAnswer(received) {
  const chunks =
    typeof received === "string"
      ? received
          .split("\n")
          .filter((line) => line.startsWith("data: ") && line !== "data: [DONE]")
          .map((line) => JSON.parse(line.slice(6)))
      : [received];
  const answer = { content: "", reasoning: "", tool_calls: [], finish_reason: null };
  let commitment_salt = null;
  let receipt_hash = null;
  for (const chunk of chunks) {
    commitment_salt = chunk.b3iq?.commitment_salt ?? commitment_salt;
    receipt_hash = chunk.b3iq?.receipt_hash ?? receipt_hash;
    const choice = chunk.choices?.find(({ index }) => index === 0);
    const part = choice?.delta ?? choice?.message;
    if (!part) continue;
    answer.content += part.content ?? "";
    answer.reasoning += part.reasoning_content ?? part.reasoning ?? "";
    for (const [at, piece] of (part.tool_calls ?? []).entries()) {
      const call = (answer.tool_calls[piece.index ?? at] ??= {
        id: "",
        type: "function",
        function: { name: "", arguments: "" },
      });
      call.id = piece.id || call.id;
      call.function.name += piece.function?.name ?? "";
      call.function.arguments += piece.function?.arguments ?? "";
    }
    answer.finish_reason = choice.finish_reason ?? answer.finish_reason;
  }
  return { answer, commitment_salt, receipt_hash };
}

const payoutLeaf = ({ index, node_id, amount_wei, receipt_count }) =>
  leafHash(encoder.encode(canonicalize({ index, node_id, amount_wei, receipt_count })));

async function checkCommitment({ check, skip }, batch, { log_key }) {
  if (!log_key) {
    skip("The log's key signed the batch", "no key of the log was given");
    return;
  }
  await check("The log's key signed the batch", async () => {
    const { batch_id, merkle_root, payout_count, total_amount_wei, tree_size, period_end } = batch;
    const text = canonicalize({ batch_id, merkle_root, payout_count, total_amount_wei, tree_size, period_end });
    const { public_key } = await parseKey(log_key);
    return (
      (await ed25519(
        concat(domain("b3iq-payout-v1"), text),
        fromBase64url(batch.commitment_signature, 64),
        public_key,
      )) || refuse("the commitment's signature does not verify")
    );
  });
}

/** One line of `GET /v1/node/payouts`, of the node `node_id`. */
export async function verifyPayoutLine(line, { node_id, ...options } = {}) {
  const run = steps();
  await run.check("The line is in the batch", async () => {
    const id = line.node_id ?? node_id ?? refuse("say of which node the line is");
    const root = await rootOfPath(
      await payoutLeaf({ ...line, node_id: id }),
      line.index,
      line.payout_count,
      line.proof.map((hash) => fromHex(hash, 32)),
    );
    return toHex(root) === line.merkle_root
      ? `line ${line.index} of ${line.payout_count}`
      : refuse("the path does not lead to the batch's root");
  });
  await checkCommitment(run, line, options);
  return run.result();
}

/** A whole batch as `GET /v1/public/settlement/batches/{batch_id}` answers it. */
export async function verifyBatch({ batch, lines }, options = {}) {
  const run = steps();
  await run.check("The lines give the root", async () => {
    if (lines.some((line, at) => line.index !== at)) refuse("the lines are not in the order of their index");
    return (
      toHex(await treeRoot(await Promise.all(lines.map(payoutLeaf)))) === batch.merkle_root ||
      refuse("the lines hash to another root")
    );
  });
  await run.check("Count and total are those of the lines", () => {
    const total = lines.reduce((sum, line) => sum + BigInt(line.amount_wei), 0n);
    return (
      (lines.length === batch.payout_count && String(total) === batch.total_amount_wei) ||
      refuse(`the lines are ${lines.length}, their sum ${total} wei`)
    );
  });
  await run.check(
    "No node has two lines",
    () => new Set(lines.map(({ node_id }) => node_id)).size === lines.length || refuse("a node has two lines"),
  );
  await checkCommitment(run, batch, options);
  return run.result();
}

/**
 * Checks texts of any kind together: receipts, a proof file, a log key, payout lines or batches, chats. Returns a report
 * for each subject; a text that cannot be read is a failed step.
 */
export async function verifyFiles(files, given = {}) {
  const options = { ...given };
  const found = { receipts: [], lines: [], batches: [], copies: [] };
  const reports = [];
  for (const { name, text } of files) {
    if (text.startsWith("c2sp.org/tlog-proof@v1\n")) options.proof = text;
    else if (/^[^\s{]\S*\+[0-9a-f]{8}\+\S+\s*$/.test(text)) options.log_key ??= text.trim();
    else if (text.trimStart().startsWith("data: ")) found.copies.push({ name, ...joinAnswer(text) });
    else {
      try {
        sort(JSON.parse(text), name, found, options);
      } catch (error) {
        reports.push({
          subject: name,
          ok: false,
          steps: [
            {
              name: "The file can be read",
              ok: false,
              detail: error instanceof Refused ? error.message : "neither JSON nor a proof file, a key or a stream",
            },
          ],
        });
      }
    }
  }
  for (const { name, value } of found.receipts) {
    reports.push({ subject: `Receipt ${value.receipt_hash ?? name}`, ...(await verifyReceipt(value, options)) });
    const parts = found.copies.filter(({ receipt_hash }) => !receipt_hash || receipt_hash === value.receipt_hash);
    if (parts.length > 0)
      reports.push({
        subject: "Your copy of the chat",
        ...(await verifyChat(value.receipt ?? {}, mergeCopies(parts))),
      });
  }
  if (found.copies.length > 0 && found.receipts.length === 0)
    reports.push({
      subject: "Your copy of the chat",
      ok: false,
      steps: [{ name: "Its receipt is there", ok: false, detail: "give the receipt too: /v1/receipts/ and its hash" }],
    });
  for (const value of found.lines)
    reports.push({ subject: `Payout in ${value.batch_id}`, ...(await verifyPayoutLine(value, options)) });
  for (const value of found.batches)
    reports.push({ subject: `Payout batch ${value.batch?.batch_id}`, ...(await verifyBatch(value, options)) });
  return { ok: reports.length > 0 && reports.every(({ ok }) => ok), reports };
}

function sort(value, name, found, options) {
  if (value?.vkey) options.log_key ??= value.vkey;
  else if (value?.receipt) found.receipts.push({ name, value });
  else if (value?.batch && value.lines) found.batches.push(value);
  else if (value?.proof && value.merkle_root) found.lines.push(value);
  else if (Array.isArray(value?.data) && value.data.every((line) => line.proof && line.merkle_root))
    found.lines.push(...value.data);
  else if (value?.object === "chat.completion") found.copies.push({ name, ...joinAnswer(value) });
  else if (value?.messages || value?.answer) {
    const received = value.response ?? (value.answer?.choices ? value.answer : null);
    const joined = received ? joinAnswer(received) : { answer: value.answer ?? null };
    found.copies.push({
      name,
      ...joined,
      messages: value.messages,
      commitment_salt: value.commitment_salt ?? joined.commitment_salt,
    });
  } else refuse("nothing that this verifier knows");
}

/** A request and its answer may come as two files. */
function mergeCopies(parts) {
  const pick = (field) => parts.map((part) => part[field]).find((value) => value !== null && value !== undefined);
  return { messages: pick("messages"), answer: pick("answer") ?? {}, commitment_salt: pick("commitment_salt") };
}

/**
 * Fetches what is public about a receipt from a gateway: the receipt, its proof, and the log's key unless one is
 * pinned.
 */
export async function fetchReceipt(gateway, receipt_hash, given = {}) {
  const ask = async (path) => {
    const response = await fetch(new URL(path, gateway), { redirect: "error" });
    return response.ok ? response.text() : null;
  };
  const receipt = (await ask(`/v1/receipts/${receipt_hash}`)) ?? refuse("the gateway has no receipt with this hash");
  const [proof, key] = await Promise.all([
    ask(`/v1/receipts/${receipt_hash}/proof`),
    given.log_key ? null : ask("/v1/log/key"),
  ]);
  const files = [{ name: "receipt", text: receipt }];
  if (JSON.parse(receipt).receipt_hash !== receipt_hash) refuse("the gateway answered with another receipt");
  if (proof) files.push({ name: "proof", text: proof });
  if (key) files.push({ name: "key", text: key });
  return files;
}

// --- command line ---

const USAGE = `node verify.mjs [--log-key VKEY] [--witness VKEY]... [--witnesses N] [--node NODE_ID] FILE...
node verify.mjs --gateway URL [--log-key VKEY] [--witness VKEY]... RECEIPT_HASH [FILE...]

Files: a receipt or payouts as the gateway answers them, a proof file, a log key, a chat (the request with its messages,
the answer or the stream). Together they are checked against each other. Ends with 0 when every check passed, 1 when one
failed, 2 for a wrong command line.`;

async function main(words) {
  const { readFile } = await import("node:fs/promises");
  const options = { witnesses: [] };
  const rest = [];
  let gateway = null;
  for (let at = 0; at < words.length; at++) {
    const value = () => words[++at] ?? process.exit(usage());
    if (words[at] === "--log-key") options.log_key = value();
    else if (words[at] === "--witness") options.witnesses.push(value());
    else if (words[at] === "--witnesses") options.witnesses_min = Number(value());
    else if (words[at] === "--node") options.node_id = value();
    else if (words[at] === "--gateway") gateway = value();
    else if (words[at].startsWith("--")) return usage();
    else rest.push(words[at]);
  }
  if (rest.length === 0) return usage();
  const files = [];
  for (const word of rest) {
    if (gateway !== null && /^[0-9a-f]{64}$/.test(word)) files.push(...(await fetchReceipt(gateway, word, options)));
    else files.push({ name: word, text: await readFile(word, "utf8") });
  }
  const result = await verifyFiles(files, options);
  for (const { subject, steps: list } of result.reports) {
    console.log(subject);
    for (const { name, ok, detail } of list)
      console.log(`  ${ok === null ? "not checked" : ok ? "pass" : "FAIL"}  ${name}${detail ? `: ${detail}` : ""}`);
  }
  console.log(result.ok ? "Everything that was checked holds." : "NOT VALID");
  return result.ok ? 0 : 1;
}

function usage() {
  console.error(USAGE);
  return 2;
}

const isMain =
  typeof process === "object" &&
  process.argv?.[1] &&
  import.meta.url ===
    (await import("node:url")).pathToFileURL(await (await import("node:fs/promises")).realpath(process.argv[1])).href;
if (isMain) {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      console.error(error instanceof Refused ? error.message : `cannot be done: ${error.message}`);
      process.exitCode = 1;
    },
  );
}
