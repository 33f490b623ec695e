import type { operations } from "../../../generated/hosted.ts";
import type { GatewayCore } from "../../core/gateway/core.ts";
import type { Handler } from "../operation.ts";

/** The handler of an operation of the hosted document, by its id. */
export type HostedHandler<Id extends keyof operations> = Handler<operations[Id], GatewayCore>;
