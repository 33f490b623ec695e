/**
 * The peer of the chat bench: a bare reverse proxy of node:http, with kept connections and nothing else. Started with
 * `fork` and the target's URL.
 */
import { Agent, createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";

const target = new URL(process.argv[2]!);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

const server = createServer((request, response) => {
  const { url: path, method, headers } = request;
  const onward = ask({ agent, hostname: target.hostname, port: target.port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    pipeline(answer, response, () => {});
  });
  onward.on("error", () => response.destroy());
  pipeline(request, onward, () => {});
});
server.listen(0, "127.0.0.1", () =>
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
process.on("disconnect", () => process.exit(0));
