import * as net from "node:net";
import { freePort } from "./processes.ts";

/** A local port that forwards to another one; `cut` breaks it, `join` restores it. */
export async function cuttableWire(port: number) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const onward = net.connect(port, "127.0.0.1");
    for (const end of [socket, onward])
      sockets.add(end.on("error", () => end.destroy()).on("close", () => sockets.delete(end)));
    socket.pipe(onward).pipe(socket);
  });
  const listen_port = await freePort();
  const join = () => new Promise<void>((resolve) => server.listen(listen_port, "127.0.0.1", resolve));
  await join();
  return {
    url: `http://127.0.0.1:${listen_port}`,
    join,
    cut: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
