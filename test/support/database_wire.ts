import * as net from "node:net";
import * as path from "node:path";
import type { TestDatabase } from "./database.ts";
import { freePort } from "./processes.ts";

/**
 * A TCP port in front of a test database, for a program that shall lose it: `freeze` stops both directions,
 * `freezeBehind` passes one more statement and then stops its answer, `thaw` continues, `cut` breaks all connections
 * and thaws for new ones.
 */
export async function databaseWire(db: TestDatabase) {
  const pairs = new Set<{ client: net.Socket; server: net.Socket }>();
  let marker: Buffer | undefined;
  let onMarker = () => {};
  let frozen: "no" | "answers" | "all" = "no";

  const apply = () => {
    for (const { client, server } of pairs) {
      for (const [end, stopped] of [
        [client, frozen === "all"],
        [server, frozen !== "no"],
      ] as const)
        if (stopped) end.pause();
        else end.resume();
    }
  };
  const listener = net.createServer((client) => {
    const server = net.connect(path.join(db.socket_dir, ".s.PGSQL.5432"));
    const pair = { client, server };
    pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from
        .on("error", () => {})
        .on("close", () => {
          pairs.delete(pair);
          to.destroy();
        });
    }
    server.on("data", (chunk) => client.write(chunk));
    client.on("data", (chunk: Buffer) => {
      if (marker !== undefined && chunk.includes(marker)) {
        marker = undefined;
        frozen = "answers";
        apply();
        onMarker();
      }
      server.write(chunk);
    });
    apply();
  });
  const port = await freePort();
  await new Promise<void>((resolve) => listener.listen(port, "127.0.0.1", resolve));
  const thaw = () => {
    frozen = "no";
    marker = undefined;
    apply();
  };
  return {
    url: `postgresql://${new URL(db.url).username}@127.0.0.1:${port}/${db.name}`,
    freeze() {
      frozen = "all";
      apply();
    },
    /** Resolves when a statement with this text has passed. */
    freezeBehind(text: string): Promise<void> {
      marker = Buffer.from(text);
      return new Promise((resolve) => {
        onMarker = resolve;
      });
    },
    thaw,
    cut() {
      for (const { client, server } of pairs) for (const end of [client, server]) end.destroy();
      thaw();
    },
    async close() {
      for (const { client, server } of pairs) for (const end of [client, server]) end.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
