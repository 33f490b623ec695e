import { COMMAND_COLUMNS, type CommandRow } from "./row.ts";
import type { Database } from "../database.ts";

export type CommandFilter = {
  node_id?: string;
  kind?: string;
  state?: string;
  before?: { created_at: Date; command_id: string };
  limit: number;
};

/** Commands, newest first, from below `before`. */
export async function listCommandRows(db: Database, filter: CommandFilter): Promise<CommandRow[]> {
  const { rows } = await db.pool.query<CommandRow>(
    `
    select ${COMMAND_COLUMNS} from commands
    where ($1::text is null or node_id = $1) and ($2::text is null or kind = $2) and ($3::text is null or state = $3)
      and ($4::timestamptz is null or (created_at, command_id) < ($4, $5))
    order by created_at desc, command_id desc limit $6`,
    [
      filter.node_id ?? null,
      filter.kind ?? null,
      filter.state ?? null,
      filter.before?.created_at ?? null,
      filter.before?.command_id ?? null,
      filter.limit,
    ],
  );
  return rows;
}
