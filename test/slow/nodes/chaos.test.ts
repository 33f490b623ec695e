import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { cutAnswer } from "../../../src/tunnel/agent_end.ts";
import { text } from "../../support/tunnel_pair.ts";
import { fixture } from "../../support/nodes/fixture.ts";
import { newDisk, testAgent } from "../../support/nodes/network.ts";
import type { TestAgent } from "../../support/nodes/network.ts";

const GATEWAYS = ["gw_one", "gw_two", "gw_three"];
const AGENTS = 6;
/** Cuts go on until so many answers came whole and so many were lost, however long that takes here. */
const ENOUGH = { whole: 60, cut: 10 };

const network = fixture();
const { open } = network;

/** A load balancer in front of several gateways, which can cut what passes through it. */
async function balancer(targets: number[]): Promise<{ url: string; cut(part: number): void; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    const upstream = connect(targets[turn++ % targets.length]!, "127.0.0.1");
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(client);
        to.destroy();
      });
    }
    sockets.add(client);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut(part) {
      for (const socket of sockets) if (Math.random() < part) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function agent(url: string, audience: string): TestAgent {
  const serve = async (request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> => {
    const body = Buffer.from(await text(request));
    const { dispatch } = node.tunnel.authenticate({
      method: request.method,
      target: request.url,
      headers: request.headers,
      body,
    });
    response.addTrailers({ "x-epoch": String(dispatch.tunnel_epoch) });
    response.writeHead(200);
    for (let part = 0; part < 5; part++) {
      response.write(body);
      await sleep(5);
    }
    response.end();
  };
  const node: TestAgent = testAgent(
    url,
    (request, response) => {
      serve(request, response).catch((error: unknown) => cutAnswer(response, error as Error));
    },
    newDisk(),
    { audience },
  );
  open.push(node);
  return node;
}

it("tunnels that are cut at any moment come back; whole answers are whole, and owner rows tell the truth", async () => {
  const audience = "http://network.example";
  const gateways = await Promise.all(GATEWAYS.map((gateway_id) => network.peer(gateway_id, audience)));
  const front = await balancer(gateways.map(({ at }) => Number(new URL(at.url).port)));
  open.push(front);
  const nodes = Array.from({ length: AGENTS }, () => agent(front.url, audience));
  for (const node of nodes) {
    await node.enrollment.ensureEnrolled();
    node.tunnel.start();
  }
  const ids = nodes.map((node) => node.disk.record!.node_id);
  const counts = { whole: 0, cut: 0, refused: 0, wrong: [] as string[] };

  async function call(): Promise<void> {
    const { calls } = gateways[Math.floor(Math.random() * gateways.length)]!;
    const tunnel = calls.get(ids[Math.floor(Math.random() * ids.length)]!);
    if (!tunnel) {
      counts.refused += 1;
      return void (await sleep(5));
    }
    const body = Buffer.from(randomBytes(1 + Math.floor(Math.random() * 20_000)).toString("base64"));
    try {
      const answer = await tunnel.call({ path: "/x", body, signal: AbortSignal.timeout(10_000) });
      const read = await text(answer.body).catch(() => null);
      const trailers = await answer.trailers;
      if (!trailers) {
        counts.cut += 1;
        return;
      }
      if (read !== body.toString("utf8").repeat(5)) counts.wrong.push("trailers after an answer that is not whole");
      if (trailers["x-epoch"] !== String(tunnel.epoch)) counts.wrong.push("another epoch than the tunnel's");
      counts.whole += 1;
    } catch {
      counts.cut += 1;
    }
  }
  const goesOn = (): boolean => counts.wrong.length === 0 && (counts.whole < ENOUGH.whole || counts.cut < ENOUGH.cut);
  const callers = Array.from({ length: 8 }, async () => {
    while (goesOn()) await call();
  });
  const cutter = (async () => {
    while (goesOn()) {
      await sleep(50 + Math.random() * 250);
      front.cut(0.4);
    }
  })();
  await Promise.all([...callers, cutter]);
  expect(counts.wrong).toEqual([]);

  await vi.waitFor(async () => {
    const { rows } = await network.db.pool.query<{
      node_id: string;
      gateway_id: string;
      tunnel_epoch: number;
      epoch: number;
      opened: number;
    }>(`
      select t.node_id, t.gateway_id, t.tunnel_epoch, n.epoch, (select count(*) from node_epochs e where e.node_id = n.node_id)::int as opened
      from node_tunnels t join nodes n using (node_id)`);
    expect(rows).toHaveLength(AGENTS);
    for (const row of rows) {
      const holders = gateways.filter(({ at }) => at.tunnels.local(row.node_id));
      expect(holders.map(({ at }) => at.registry.config.gateway_id)).toEqual([row.gateway_id]);
      expect(holders[0]!.at.tunnels.local(row.node_id)!.epoch).toBe(row.tunnel_epoch);
      expect(row).toMatchObject({ epoch: row.tunnel_epoch, opened: row.epoch });
    }
  }, 10_000);
  for (const { calls } of gateways) {
    for (const node_id of ids) {
      // The last cut may still be on its way: what counts is that the node serves again.
      await vi.waitFor(
        async () => {
          const answer = await calls
            .get(node_id)!
            .call({ path: "/x", body: Buffer.from("a"), signal: AbortSignal.timeout(2_000) });
          expect(await text(answer.body)).toBe("aaaaa");
        },
        { timeout: 10_000, interval: 100 },
      );
    }
  }
}, 120_000);
