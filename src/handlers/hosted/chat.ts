import { billedCustomer } from "../../core/gateway/keys/keyring.ts";
import { STREAMED } from "../operation.ts";
import { gatewayKeyOf } from "./principals.ts";
import type { HostedHandler } from "./hosted_handler.ts";

export const createChatCompletion: HostedHandler<"createChatCompletion"> = async ({ body }, call, core) => {
  const principal = gatewayKeyOf(call);
  const answer = await core.complete(
    { customer_id: billedCustomer(principal, "chat:create"), credential_id: principal.credential_id },
    {
      body,
      idempotency_key: call.header("idempotency-key"),
      signal: call.signal,
      sink: call.stream,
      set_header: call.set_header,
    },
  );
  return answer === null ? STREAMED : { status: 200, body: answer.body, headers: answer.headers };
};
