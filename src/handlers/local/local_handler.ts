import type { operations } from "../../../generated/local.ts";
import type { LocalCore } from "../../core/host/access/local_callers.ts";
import type { Handler } from "../operation.ts";

/** The handler of an operation of the local document, by its id. */
export type LocalHandler<Id extends keyof operations> = Handler<operations[Id], LocalCore>;
