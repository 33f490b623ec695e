import { ApiError } from "../../core/errors.ts";
import type { ChatOrigin } from "../../core/host/chat/chat.ts";
import { type LocalCore, requireScope } from "../../core/host/access/local_callers.ts";
import type { RouterCall } from "../../core/protocol/calls/router_call.ts";
import { STREAMED, type Call } from "../operation.ts";
import type { LocalHandler } from "./local_handler.ts";

export const createLocalChatCompletion: LocalHandler<"createLocalChatCompletion"> = async ({ body }, call, core) => {
  const origin = originOf(call, core);
  const result = await core.agent.dispatch({
    body,
    origin,
    signal: call.signal,
    sink: call.stream,
    received_at: call.received_at,
  });
  if (result.kind === "streamed") return STREAMED;
  return {
    status: 200,
    body: result.completion as never,
    headers: result.headers,
    ...(result.trailers ? { trailers: result.trailers } : {}),
  };
};

function originOf(call: Call, core: LocalCore): ChatOrigin {
  const { principal } = call;
  if (core.draining()) throw new ApiError("draining", "This agent is stopping and takes no new chats.");
  if (principal.kind === "router") {
    const { dispatch, tunnel_epoch } = principal.dispatch as RouterCall;
    if (dispatch === null) throw new ApiError("unauthorized", "The router's call names no job, prices or bounds.");
    if (core.agent.paused) throw new ApiError("runtime_busy", "The owner paused this node.");
    return { kind: "routed", dispatch, node_epoch: tunnel_epoch };
  }
  requireScope(core, principal, "chat:create");
  return { kind: "local", request_id: call.request_id };
}
