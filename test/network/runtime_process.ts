/** A fake runtime that can be killed: `node runtime_process.ts PORT BEHAVIOUR_AS_JSON`. */
import { type FakeBehaviour, fakeRuntime } from "../support/fake_runtime.ts";

const [port, behaviour] = process.argv.slice(2) as [string, string];
const { url } = await fakeRuntime(JSON.parse(behaviour) as FakeBehaviour, Number(port));
console.log(`runtime at ${url}`);
