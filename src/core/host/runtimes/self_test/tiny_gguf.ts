/**
 * The built-in self-test model: a GGUF file computed from a few sentences, so that a fresh machine serves real
 * llama.cpp answers without downloading weights. It is a bigram model in the clothes of a llama: embeddings are one-hot
 * states, attention and feed-forward are zero, and the output matrix holds the logits of the next token per state.
 * It writes readable nonsense, ends by itself, calls a tool when one is offered, and thinks when asked to.
 */
import { encodeGguf, type GgufTensor, type GgufValue } from "../gguf_file.ts";

export const TINY_MODEL_ID = "b3iq-tiny.gguf";
export const TINY_CONTEXT_LENGTH = 4096;

const SENTENCES = [
  "the gateway sends the request to a node .",
  "a node runs the model and signs a receipt .",
  "the ledger settles the price of every answer .",
  "every receipt names its node and its tokens .",
  "its tokens come from a small model that only tests the path .",
  "nothing here is true but all of it is counted .",
  "some words follow other words because they did so before .",
];
const THOUGHT = ["let", "me", "see"];
/** Words without a leading space: what the model puts between the quotes of JSON. */
const BARE_WORDS = ["tiny", "node", "yes", "blue", "north", "seven"];
const DIGITS = [..."0123456789"];
const CONTROL = ["<|system|>", "<|user|>", "<|assistant|>", "<|tool|>", "<|act|>"];
const MARKS = ["<tool_call>", "</tool_call>", "<think>", "</think>"];
const SPACE = "\u2581";
const NEVER = -20;

/** Jinja, as runtimes expect it; `<|act|>` is the state from which a tool is called, `<think>` the one of a thought. */
const CHAT_TEMPLATE = `
{%- if tools %}<|system|>Tools: {{ tools | tojson }}</s>{% endif %}
{%- for message in messages %}<|{{ message.role }}|>{{ message.content or '' }}
{%- for call in message.tool_calls or [] %}<tool_call>{{ call.function | tojson }}</tool_call>{% endfor %}</s>
{%- endfor %}
{%- if add_generation_prompt %}<|assistant|>
{%- if enable_thinking is defined and enable_thinking %}<think>{% endif %}
{%- if tools and messages[-1].role != 'tool' and not (enable_thinking is defined and enable_thinking) %}<|act|>{% endif %}
{%- endif %}`;

type VocabularyEntry = { text: string; score: number; type: number };
const TYPE = { normal: 1, unknown: 2, control: 3, user_defined: 4, unused: 5, byte: 6 };

function vocabulary(words: string[]): VocabularyEntry[] {
  const entries: VocabularyEntry[] = [];
  const known = new Set<string>();
  const add = (text: string, score: number, type: number) => {
    if (known.has(text)) return;
    known.add(text);
    entries.push({ text, score, type });
  };
  add("<unk>", 0, TYPE.unknown);
  for (const text of ["<s>", "</s>", ...CONTROL]) add(text, 0, TYPE.control);
  for (const text of MARKS) add(text, 0, TYPE.user_defined);
  for (let byte = 0; byte < 256; byte++) add(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, 0, TYPE.byte);
  for (const word of words) add(SPACE + word, -10, TYPE.normal);
  for (const word of BARE_WORDS) add(word, -700, TYPE.normal);
  add(SPACE, -500, TYPE.normal);
  for (let code = 33; code < 127; code++) add(String.fromCharCode(code), -600 - code, TYPE.normal);
  // The tokenizer merges pairs, so every beginning of a word must be a token of its own.
  let score = -100;
  for (const word of words) {
    for (let length = 1; length < word.length; length++) add(SPACE + word.slice(0, length), score--, TYPE.normal);
  }
  while (entries.length % 32 !== 0) add(`<unused_${entries.length}>`, -1000, TYPE.unused);
  return entries;
}

type Successors = Map<string, number>;

function wordSuccessors(): Map<string, Successors> {
  const successors = new Map<string, Successors>();
  const count = (from: string, to: string) => {
    const row = successors.get(from) ?? new Map<string, number>();
    successors.set(from, row.set(to, (row.get(to) ?? 0) + 1));
  };
  for (const sentence of SENTENCES) {
    const words = sentence.split(" ");
    for (let i = 0; i + 1 < words.length; i++) count(words[i]!, words[i + 1]!);
  }
  preferTheWayOut(successors);
  return successors;
}

/**
 * A greedy walk over a bigram table can go round for ever: the successor nearest to the full stop becomes the
 * likeliest.
 */
function preferTheWayOut(successors: Map<string, Successors>): void {
  const distance = new Map([[".", 0]]);
  for (let found = true; found;) {
    found = false;
    for (const [word, row] of successors) {
      const steps = Math.min(...[...row.keys()].map((next) => distance.get(next) ?? Infinity)) + 1;
      if (steps < (distance.get(word) ?? Infinity)) {
        distance.set(word, steps);
        found = true;
      }
    }
  }
  for (const row of successors.values()) {
    const nearest = [...row.keys()].reduce((a, b) => (distance.get(b)! < distance.get(a)! ? b : a));
    row.set(nearest, Math.max(...row.values()) + 1);
  }
}

/** Logits of the next token, by state; a state is a word or one of the named kinds of token. */
function transitions(): Map<string, Map<string, number>> {
  const starts = new Map<string, number>();
  for (const sentence of SENTENCES) starts.set(SPACE + sentence.split(" ")[0]!, 2);
  const states = new Map<string, Map<string, number>>();
  for (const [word, row] of wordSuccessors()) {
    states.set(SPACE + word, new Map([...row].map(([next, count]) => [SPACE + next, 2 + Math.log(count)])));
  }
  states.set(`${SPACE}.`, new Map([...starts, ["</s>", 2.4]]));
  states.set("<|assistant|>", starts);
  states.set("<|act|>", new Map([["<tool_call>", 8]]));
  states.set(
    "</tool_call>",
    new Map([
      ["</s>", 8],
      ["<tool_call>", 2],
    ]),
  );
  const thought = ["<think>", ...THOUGHT.map((word) => SPACE + word), "</think>"];
  for (let i = 0; i + 1 < thought.length; i++) states.set(thought[i]!, new Map([[thought[i + 1]!, 8]]));
  states.set("</think>", starts);
  // JSON: a grammar decides which of these are allowed; the table only ranks the allowed ones.
  states.set(
    "bare",
    new Map([
      ['"', 6],
      ["</s>", 1],
    ]),
  );
  states.set("digit", new Map([["}", 4], ["]", 4], [",", 3], ["</s>", 1], ...DIGITS.map((d) => [d, 1] as const)]));
  states.set(
    '"',
    new Map([...BARE_WORDS.map((word) => [word, 6] as const), [":", 2], ["}", 2], ["]", 2], [",", 1], ["</s>", 0]]),
  );
  for (const bracket of ["}", "]"]) {
    states.set(
      bracket,
      new Map([
        ["</tool_call>", 6],
        ["}", 5],
        ["]", 5],
        ["</s>", 4],
        [",", 3],
        ['"', 2],
      ]),
    );
  }
  states.set(
    "other",
    new Map([
      ...BARE_WORDS.map((word) => [word, 5] as const),
      ...DIGITS.map((d) => [d, 0] as const),
      ['"', 4],
      ["n", 0],
      ["t", 0],
      ["f", 0],
      ["}", -1],
      ["]", -1],
      ["{", -3],
      ["[", -3],
      [",", -4],
      ["</s>", -5],
    ]),
  );
  return states;
}

function stateOf(text: string, states: Map<string, unknown>): string {
  if (states.has(text)) return text;
  if (BARE_WORDS.includes(text)) return "bare";
  return DIGITS.includes(text) ? "digit" : "other";
}

/**
 * Computes the model file: about 1 MB, the same bytes on each call.
 * @returns the content of a GGUF v3 file with f32 tensors.
 */
export function buildTinyGguf(): Buffer {
  const words = [...new Set([...SENTENCES.flatMap((sentence) => sentence.split(" ")), ...THOUGHT])];
  const entries = vocabulary(words);
  const ids = new Map(entries.map((entry, id) => [entry.text, id]));
  const states = transitions();
  const names = [...states.keys()];
  const heads = 4;
  const width = Math.ceil(names.length / 32) * 32;
  const size = entries.length;

  const embedding = new Float32Array(size * width);
  entries.forEach((entry, id) => (embedding[id * width + names.indexOf(stateOf(entry.text, states))] = 1));
  // RMS norm scales a one-hot vector by sqrt(width), so the logits are divided by it.
  const output = new Float32Array(size * width).fill(NEVER / Math.sqrt(width));
  names.forEach((name, state) => {
    for (const [next, logit] of states.get(name)!) output[ids.get(next)! * width + state] = logit / Math.sqrt(width);
  });

  return encodeGguf(metadata(entries, width, heads), tensors(size, width, heads, embedding, output));
}

function tensors(
  size: number,
  width: number,
  heads: number,
  embedding: Float32Array,
  output: Float32Array,
): GgufTensor[] {
  const inner = 32;
  const zeros = (name: string, ...shape: number[]): GgufTensor => ({
    name,
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const ones = (name: string): GgufTensor => ({ name, shape: [width], data: new Float32Array(width).fill(1) });
  return [
    { name: "token_embd.weight", shape: [width, size], data: embedding },
    { name: "output.weight", shape: [width, size], data: output },
    ones("output_norm.weight"),
    ones("blk.0.attn_norm.weight"),
    ones("blk.0.ffn_norm.weight"),
    zeros("blk.0.attn_q.weight", width, width),
    zeros("blk.0.attn_output.weight", width, width),
    zeros("blk.0.attn_k.weight", width, width / heads),
    zeros("blk.0.attn_v.weight", width, width / heads),
    zeros("blk.0.ffn_gate.weight", width, inner),
    zeros("blk.0.ffn_up.weight", width, inner),
    zeros("blk.0.ffn_down.weight", inner, width),
  ];
}

function metadata(entries: VocabularyEntry[], width: number, heads: number): [string, GgufValue][] {
  const u32 = (value: number): GgufValue => ({ type: "u32", value });
  const ids = new Map(entries.map((entry, id) => [entry.text, id]));
  return [
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.name", { type: "string", value: "b3iq-tiny" }],
    ["general.file_type", u32(0)],
    ["llama.context_length", u32(TINY_CONTEXT_LENGTH)],
    ["llama.embedding_length", u32(width)],
    ["llama.block_count", u32(1)],
    ["llama.feed_forward_length", u32(32)],
    ["llama.attention.head_count", u32(heads)],
    ["llama.attention.head_count_kv", u32(1)],
    ["llama.attention.layer_norm_rms_epsilon", { type: "f32", value: 1e-6 }],
    ["llama.rope.dimension_count", u32(width / heads)],
    ["llama.vocab_size", u32(entries.length)],
    ["tokenizer.ggml.model", { type: "string", value: "llama" }],
    ["tokenizer.ggml.tokens", { type: "strings", value: entries.map((entry) => entry.text) }],
    ["tokenizer.ggml.scores", { type: "f32s", value: entries.map((entry) => entry.score) }],
    ["tokenizer.ggml.token_type", { type: "i32s", value: entries.map((entry) => entry.type) }],
    ["tokenizer.ggml.bos_token_id", u32(ids.get("<s>")!)],
    ["tokenizer.ggml.eos_token_id", u32(ids.get("</s>")!)],
    ["tokenizer.ggml.unknown_token_id", u32(0)],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: false }],
    ["tokenizer.chat_template", { type: "string", value: CHAT_TEMPLATE }],
  ];
}
