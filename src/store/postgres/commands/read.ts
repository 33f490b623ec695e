import { COMMAND_COLUMNS, type CommandRow } from "./row.ts";
import type { Database } from "../database.ts";

export async function readCommand(db: Database, command_id: string): Promise<CommandRow | null> {
  const { rows } = await db.pool.query<CommandRow>(`select ${COMMAND_COLUMNS} from commands where command_id = $1`, [
    command_id,
  ]);
  return rows[0] ?? null;
}
