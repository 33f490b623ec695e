import { databaseUrl, openDatabase } from "../store/postgres/database.ts";
import { startPostgres } from "../store/postgres/cluster/launcher.ts";

export type WatchedPostgres = {
  url: string;
  how: string;
  data_dir: string;
  failed: Promise<never>;
  stop(): Promise<void>;
};

/** Runs the private Postgres of `home`. One idle connection breaks at once when Postgres dies; then it is started again. */
export async function keepPostgres(home: string, say: (line: string) => void): Promise<WatchedPostgres> {
  const cluster = await startPostgres(home, { say });
  let stopping = false;
  let fail!: (error: unknown) => void;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  const db = openDatabase(cluster, { application_name: "b3iq run" });
  let restarted: Promise<void> | undefined;

  const watch = async () => {
    const client = await db.connect();
    client.once("end", () => {
      if (stopping) return;
      say("Postgres ended; starting it again");
      restarted = startPostgres(home, { say }).then(watch).catch(fail);
    });
    if (stopping) await client.end();
    else current = client;
  };
  let current: { end(): Promise<void> } | undefined;
  await watch();

  return {
    url: databaseUrl(cluster),
    how: cluster.how,
    data_dir: cluster.data_dir,
    failed,
    async stop() {
      stopping = true;
      await restarted; // else a Postgres that is starting would outlive us
      await current?.end().catch(() => {});
      await db.close();
      await cluster.stop();
    },
  };
}
