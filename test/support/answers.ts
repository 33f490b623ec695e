/** A chat's answer as a client joins it, and the client's own commitment to the answer by the published rule. */
import { createHash } from "node:crypto";

export type ClientAnswer = {
  content: string;
  reasoning: string;
  tool_calls: { id: string; type: string; function: { name: string; arguments: string } }[];
  /** All events in order. */
  finish_reasons: string[];
};

type Delta = {
  content?: string | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[];
};

/** Joins the chunks of a stream as OpenAI's clients do: by the calls' `index`, strings added up. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- chunks that were checked against the document
export function joinAsClient(chunks: any[]): ClientAnswer {
  const joined: ClientAnswer = { content: "", reasoning: "", tool_calls: [], finish_reasons: [] };
  for (const chunk of chunks) {
    const choice = chunk.choices[0] as { delta: Delta; finish_reason?: string | null } | undefined;
    if (!choice) continue;
    joined.content += choice.delta.content ?? "";
    joined.reasoning += choice.delta.reasoning_content || choice.delta.reasoning || "";
    for (const piece of choice.delta.tool_calls ?? []) {
      const call = (joined.tool_calls[piece.index] ??= {
        id: "",
        type: "function",
        function: { name: "", arguments: "" },
      });
      call.id += piece.id ?? "";
      call.function.name += piece.function?.name ?? "";
      call.function.arguments += piece.function?.arguments ?? "";
    }
    if (choice.finish_reason !== null && choice.finish_reason !== undefined)
      joined.finish_reasons.push(choice.finish_reason);
  }
  return joined;
}

/** A second implementation, so that the product does not check itself; the texts of these tests need no escapes. */
export function commitmentOf(salt: string, answer: ClientAnswer): string {
  const calls = answer.tool_calls.map(
    ({ id, function: called }) =>
      `{"function":{"arguments":${JSON.stringify(called.arguments)},"name":${JSON.stringify(called.name)}},"id":${JSON.stringify(id)},"type":"function"}`,
  );
  const text = (value: string | undefined) => (value ? JSON.stringify(value) : "null");
  const joined = `{"content":${text(answer.content)},"finish_reason":${text(answer.finish_reasons.at(-1))},"reasoning":${text(answer.reasoning)},"tool_calls":${calls.length > 0 ? `[${calls.join(",")}]` : "null"}}`;
  return createHash("sha256").update(Buffer.from(salt, "base64url")).update(joined).digest("hex");
}
