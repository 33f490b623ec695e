import type { Database } from "../../../store/postgres/database.ts";
import type { PrivateJobRow } from "../../../store/postgres/private_jobs/jobs.ts";
import type { Logger } from "../../log.ts";
import type { SignedReceipt } from "../../protocol/receipt/receipt.ts";
import type { LedgerWriter, Verdicts } from "../billing/operations.ts";
import type { ControlView } from "../control.ts";
import type { Commands, ResultInput } from "../nodes/node_commands.ts";
import type { NodeView } from "../nodes/types.ts";
import type { EpochKey } from "../receipts/trailers.ts";
import type { Terms } from "./job_quote.ts";

/** The ports of the steps of a private job. */
export type PrivateJobPorts = Terms & {
  db: Database;
  writer: LedgerWriter;
  control: ControlView;
  node: (node_id: string) => NodeView | undefined;
  epoch_key: EpochKey;
  suspend: (node_id: string, reason: string) => Promise<void>;
  /** Ends a node's waiting poll: there is a new command. */
  wake: (node_id: string) => void;
  /** How long a call waits to learn whether its job is queued, when the answer was lost; 2 s unless given. */
  unknown_wait_ms?: number;
  draining: () => boolean;
  log: Logger;
  /** Called once for each job that ended, with its outcome and the seconds since its admission. */
  onEnd?: (outcome: "completed" | "failed" | "expired", seconds: number) => void;
};

/** The steps that end a job, bound to the gateway's ports (private_jobs.ts). */
export type JobEndings = {
  settle: (job: PrivateJobRow) => Promise<Verdicts["settle"]>;
  release: (hold_id: string, reason: string) => Promise<boolean>;
  close: (hold_id: string) => Promise<void>;
};

/** The ports of the calls by which nodes poll for commands and report results. */
export type NodeCommandPorts = Pick<PrivateJobPorts, "db" | "writer" | "epoch_key" | "log"> & {
  commands: Commands;
  jobs: JobEndings;
  /** The newest epoch of a node that this gateway knows. */
  epoch: (node_id: string) => number;
};

/** The calling node and the epoch of its call. */
export type NodeCaller = { node_id: string; epoch: number };

/** The body of a result; a private job's has the sealed result and the receipt. */
export type NodeResult = ResultInput & { encrypted_response?: object; receipt?: SignedReceipt };
