/**
 * A fake runtime that can be killed: `node runtime_process.ts PORT BEHAVIOUR_AS_JSON`. Says when the first token of
 * each streamed chat leaves it: `first MESSAGE UNIX_MS`.
 */
import { type FakeBehaviour, fakeRuntime } from "../fake_runtime.ts";

const [port, behaviour] = process.argv.slice(2) as [string, string];
const runtime = await fakeRuntime(JSON.parse(behaviour) as FakeBehaviour, Number(port));
const begun = new Set<string>();
runtime.onToken = ({ messages, stream }) => {
  const name = (messages as { content: string }[]).at(-1)!.content;
  if (stream !== true || begun.has(name)) return;
  begun.add(name);
  process.stdout.write(`first ${name} ${performance.timeOrigin + performance.now()}\n`);
};
console.log(`runtime at ${runtime.url}`);
