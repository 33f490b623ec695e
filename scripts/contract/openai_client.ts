/**
 * The official Node client against the gateway; its `fetch` holds every answer, and each event of a stream, against the
 * document.
 */
import assert from "node:assert/strict";
import OpenAI, { AuthenticationError, NotFoundError } from "openai";
import hosted from "../../generated/hosted.json" with { type: "json" };
import { contractFetch } from "../../test/support/contract_client.ts";
import type { Outcome } from "./tool.ts";

const MESSAGES = [{ role: "user" as const, content: "Hello" }];

/** Models, chat, stream, failures. Rejects with what did not hold. */
export async function openaiNode(gateway_url: string, key: string): Promise<Outcome> {
  const options = { baseURL: `${gateway_url}/v1`, maxRetries: 0, fetch: await contractFetch(hosted) };
  const client = new OpenAI({ ...options, apiKey: key });
  const ids = (await client.models.list()).data.map(({ id }) => id);
  const model = ids[0]!;
  assert.equal((await client.models.retrieve(model)).id, model);
  await assert.rejects(
    () => client.models.retrieve("none.gguf"),
    (error) => error instanceof NotFoundError && error.code === "model_not_found",
  );

  const answer = await client.chat.completions.create({ model, messages: MESSAGES, max_tokens: 8 });
  assert.equal(answer.usage!.prompt_tokens + answer.usage!.completion_tokens, answer.usage!.total_tokens);
  assert.match(answer._request_id!, /^req_/);

  const seen = { usage: 0, ends: 0, text: "" };
  for await (const { usage, choices } of await client.chat.completions.create({
    model,
    messages: MESSAGES,
    max_tokens: 8,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    if (usage) seen.usage += 1;
    for (const { finish_reason, delta } of choices) {
      if (finish_reason) seen.ends += 1;
      seen.text += delta.content ?? "";
    }
  }
  assert.deepEqual({ usage: seen.usage, ends: seen.ends, some: seen.text !== "" }, { usage: 1, ends: 1, some: true });
  const gathered = await client.chat.completions
    .stream({ model, messages: MESSAGES, max_tokens: 8 })
    .finalChatCompletion();
  assert.ok(gathered.choices[0]!.message.content);

  const stranger = new OpenAI({ ...options, apiKey: "b3iq_gateway_wrong" });
  await assert.rejects(
    () => stranger.models.list(),
    (error) => error instanceof AuthenticationError && error.code === "unauthorized",
  );
  return { passed: true, summary: `models, chat, stream, failures with openai for Node; ${model}` };
}
