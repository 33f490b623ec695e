/** Debian's nginx in front of gateways, in a private folder. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { connect } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { freePort } from "./processes.ts";
import { tool } from "./tools.ts";

const SHIPPED = new URL("../../deploy/nginx.conf", import.meta.url);

/** The way of one request: the gateways to which nginx sent it, and the status of each, in order. */
export type Passed = { idempotency_key: string; ports: number[]; upstream_statuses: string[]; status: number };
export type Front = {
  url: string;
  port: number;
  passed(): Passed[];
  /** Lines of nginx's error log, without those of refused connections. */ errors(): string[];
  close(): Promise<void>;
};

/**
 * The configuration that the project ships (deploy/nginx.conf), with these gateways, on a free port of loopback,
 * without TLS.
 */
export async function startFront(gateway_ports: number[]): Promise<Front> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-front-"));
  const port = await freePort();
  const log = path.join(folder, "access.log");
  fs.writeFileSync(
    path.join(folder, "nginx.conf"),
    `
    daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    events { worker_connections 4096; }
    http {
      client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
      log_format passed '$http_idempotency_key|$upstream_addr|$upstream_status|$status';
      access_log ${log} passed;
      ${shipped(port, gateway_ports)}
    }`,
  );
  const child = spawn(tool("nginx")!, ["-c", path.join(folder, "nginx.conf"), "-p", folder], { stdio: "ignore" });
  const end = () => void child.kill("SIGTERM");
  process.once("exit", end);
  const front: Front = {
    url: `http://127.0.0.1:${port}`,
    port,
    passed: () =>
      fs
        .readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map(passedOf),
    errors: () =>
      fs
        .readFileSync(path.join(folder, "error.log"), "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.includes("Connection refused")),
    async close() {
      process.off("exit", end);
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
  for (let attempt = 0; !(await listens(port)); attempt += 1) {
    if (attempt < 100 && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const said = fs.readFileSync(path.join(folder, "error.log"), "utf8");
    await front.close();
    throw new Error(`nginx did not start: ${said}`);
  }
  return front;
}

function shipped(port: number, gateway_ports: number[]): string {
  const text = fs.readFileSync(SHIPPED, "utf8");
  const server = /^ *server 127\.0\.0\.1:8830(.*);$/m;
  const replaced = text
    .replace(server, (_line, parameters: string) =>
      gateway_ports.map((one) => `server 127.0.0.1:${one}${parameters};`).join(" "),
    )
    .replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
    .replace(/^ *(ssl_|server_name).*$/gm, "")
    .replaceAll("proxy_set_header Host $host;", "proxy_set_header Host $http_host;");
  if (/127\.0\.0\.1:8830\b|listen 443\b/.test(replaced))
    throw new Error("deploy/nginx.conf does not look as it did; see test/support/nginx.ts");
  return replaced;
}

function passedOf(line: string): Passed {
  const [idempotency_key, addresses, statuses, status] = line.split("|") as [string, string, string, string];
  const list = (text: string) => text.split(/ : |, /).filter((one) => one !== "" && one !== "-");
  return {
    idempotency_key,
    ports: list(addresses).map((one) => Number(one.split(":").at(-1))),
    upstream_statuses: list(statuses),
    status: Number(status),
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, "127.0.0.1", () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
}
