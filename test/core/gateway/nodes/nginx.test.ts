import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, it, vi } from "vitest";
import { lacking, tool } from "../../../support/tools.ts";
import { describeUnless, itUnless } from "../../../support/unless.ts";
import { forwarder, text } from "../../../support/tunnel_pair.ts";
import { fixture } from "../../../support/nodes/fixture.ts";
import { heartbeatBody, testAgent, testGateway } from "../../../support/nodes/network.ts";
import type { Serve, TestAgent, TestGateway } from "../../../support/nodes/network.ts";

const UPGRADE =
  'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';
const LONG = "proxy_read_timeout 1h; proxy_send_timeout 1h;";
const WEBSOCKET_ONLY =
  "proxy_http_version 1.1; proxy_set_header Upgrade $only_websocket; proxy_set_header Connection $only_connection;";

const network = fixture();
const { open } = network;

type Nginx = { url: string; reload(): void };

/**
 * nginx as a reverse proxy with these settings for the tunnel's location; with TLS it speaks HTTP/2 to whoever asks for
 * it.
 */
async function nginx(gateway_url: string, settings: string, tls = false): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "b3iq-nginx-"));
  const free = await forwarder(1);
  await free.close();
  const config = join(folder, "nginx.conf");
  if (tls) trustNewCertificate(folder);
  writeFileSync(
    config,
    `
    daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    events { worker_connections 256; }
    http {
      access_log off; client_max_body_size 16m;
      client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
      map $http_upgrade $only_websocket { default ""; websocket websocket; }
      map $http_upgrade $only_connection { default close; websocket upgrade; }
      server {
        listen 127.0.0.1:${free.port} ${tls ? "ssl http2" : ""};
        ${tls ? `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;` : ""}
        location / { proxy_pass ${gateway_url}; }
        location = /v1/node/tunnel { proxy_pass ${gateway_url}; ${settings} }
      }
    }`,
  );
  const child: ChildProcess = spawn(tool("nginx")!, ["-c", config, "-p", folder], { stdio: "ignore" });
  open.push({
    async close() {
      if (child.exitCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  });
  await vi.waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        const probe = connect(free.port, "127.0.0.1", () => {
          probe.destroy();
          resolve();
        });
        probe.on("error", reject);
      }),
    5_000,
  );
  return { url: `http${tls ? "s" : ""}://127.0.0.1:${free.port}`, reload: () => void child.kill("SIGHUP") };
}

/** Like NODE_EXTRA_CA_CERTS, for this process. */
function trustNewCertificate(folder: string): void {
  const made = spawnSync(tool("openssl")!, [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=127.0.0.1",
    "-addext",
    "subjectAltName=IP:127.0.0.1",
    "-keyout",
    join(folder, "key.pem"),
    "-out",
    join(folder, "cert.pem"),
  ]);
  expect(made.status).toBe(0);
  setDefaultCACertificates([...getCACertificates(), readFileSync(join(folder, "cert.pem"), "utf8")]);
}

async function behind(
  settings: string,
  serve: Serve,
  ping_interval_ms = 15_000,
  tls = false,
): Promise<{ at: TestGateway; node: TestAgent; node_id: string; proxy: Nginx }> {
  const at = await testGateway(network.db, { tunnels: { ping_interval_ms } });
  open.push(at);
  const proxy = await nginx(at.url, settings, tls);
  const node = testAgent(proxy.url, serve, undefined, { audience: at.url });
  open.push(node);
  const { node_id } = await node.enrollment.ensureEnrolled();
  node.tunnel.start();
  return { at, node, node_id, proxy };
}

const events: Serve = async (_request, response) => {
  response.addTrailers({ "x-b3iq-receipt": "r" });
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let i = 0; i < 5; i++) {
    response.write(`data: ${i}\n\n`);
    await sleep(30);
  }
  response.end("data: [DONE]\n\n");
};

describeUnless(lacking("nginx"))("behind nginx", () => {
  it("passes the raw tunnel: events as they are written, trailers, bodies, heartbeats", async () => {
    const { at, node, node_id } = await behind(`${UPGRADE} ${LONG}`, events);
    await vi.waitFor(() => expect(at.tunnels.local(node_id)).toBeDefined());
    await node.client.call("publishHeartbeat", { body: heartbeatBody() });
    const answer = await at.tunnels.local(node_id)!.call({ path: "/v1/chat/completions", body: Buffer.alloc(300_000) });
    const chunks: string[] = [];
    for await (const chunk of answer.body as AsyncIterable<Buffer>) chunks.push(String(chunk));
    expect(chunks.length).toBeGreaterThanOrEqual(5);
    expect(chunks.join("")).toContain("data: [DONE]");
    expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "r" });
    const many = await Promise.all(
      Array.from({ length: 32 }, async () =>
        text((await at.tunnels.local(node_id)!.call({ path: "/x", body: Buffer.alloc(1) })).body),
      ),
    );
    expect(new Set(many).size).toBe(1);
  });

  itUnless(lacking("openssl"))(
    "passes the raw tunnel over TLS, where the front end would rather speak HTTP/2",
    async () => {
      const { at, node_id } = await behind(`${UPGRADE} ${LONG}`, events, 15_000, true);
      await vi.waitFor(() => expect(at.tunnels.local(node_id)).toBeDefined());
      const answer = await at.tunnels
        .local(node_id)!
        .call({ path: "/v1/chat/completions", body: Buffer.alloc(300_000) });
      expect(await text(answer.body)).toContain("[DONE]");
      expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "r" });
    },
  );

  it("tells the agent's owner what to set when it drops the upgrade", async () => {
    const { node } = await behind("", events);
    const messages = new Set<string>();
    await vi.waitFor(() => {
      const state = node.tunnel.state();
      if (state.state === "waiting") messages.add(`${state.code} ${state.message}`);
      expect([...messages].join()).toMatch(/upgrade_required .*proxy_set_header Upgrade \$http_upgrade/);
    }, 5_000);
  });

  it("falls back to WebSocket where only that passes", async () => {
    const { at, node_id } = await behind(`${WEBSOCKET_ONLY} ${LONG}`, events);
    await vi.waitFor(() => expect(at.tunnels.local(node_id)).toBeDefined(), 5_000);
    const answer = await at.tunnels.local(node_id)!.call({ path: "/v1/chat/completions", body: Buffer.alloc(10) });
    expect(await text(answer.body)).toContain("[DONE]");
    expect(await answer.trailers).toEqual({ "x-b3iq-receipt": "r" });
  });

  it("keeps an idle tunnel that pings more often than nginx's time-out, and loses one that does not", async () => {
    const short = `${UPGRADE} proxy_read_timeout 1s; proxy_send_timeout 1s;`;
    const kept = await behind(short, events, 300);
    await vi.waitFor(() => expect(kept.at.tunnels.local(kept.node_id)).toBeDefined());
    const cut = await behind(short, events, 60_000);
    await vi.waitFor(() => expect(cut.at.tunnels.local(cut.node_id)).toBeDefined());
    const epoch = cut.at.tunnels.local(cut.node_id)!.epoch;
    await vi.waitFor(() => expect(cut.at.tunnels.local(cut.node_id)?.epoch).toBeGreaterThan(epoch), 5_000);
    expect(kept.at.tunnels.local(kept.node_id)?.epoch).toBe(1);
  });

  it("keeps open tunnels through a reload", async () => {
    const { at, node_id, proxy } = await behind(`${UPGRADE} ${LONG}`, events);
    await vi.waitFor(() => expect(at.tunnels.local(node_id)).toBeDefined());
    proxy.reload();
    await sleep(500);
    const answer = await at.tunnels.local(node_id)!.call({ path: "/x", body: Buffer.alloc(1) });
    expect(await text(answer.body)).toContain("[DONE]");
    expect(at.tunnels.local(node_id)!.epoch).toBe(1);
  });
});
