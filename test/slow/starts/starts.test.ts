import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { promisify } from "node:util";
import { expect } from "vitest";
import { freePort, startProgram, temporaryHome } from "../../support/processes.ts";
import { lacking } from "../../support/tools.ts";
import { itUnless } from "../../support/unless.ts";

const execute = promisify(execFile);
/** `make starts N=20` for a long row. */
const STARTS = Number(process.env["STARTS"] ?? 2);

/**
 * One `make run` until the line that promises success, and the printed request at that very moment; the ms until then.
 */
async function startAndAsk(home: string): Promise<number> {
  const [gateway, local, metrics, peer] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const started = performance.now();
  const program = startProgram(["run"], {
    env: {
      B3IQ_HOME: home,
      B3IQ_VALIDATE_RESPONSES: "1",
      B3IQ_GATEWAY_LISTEN: `127.0.0.1:${gateway}`,
      B3IQ_LOCAL_LISTEN: `127.0.0.1:${local}`,
      B3IQ_METRICS_LISTEN: `127.0.0.1:${metrics}`,
      B3IQ_GATEWAY_PEER_LISTEN: `127.0.0.1:${peer}`,
    },
  });
  try {
    await program.line(/^B3IQ is ready$/m, 240_000);
    const ready_ms = performance.now() - started;
    const printed = /^curl -K .*$/m.exec(program.output())![0];
    const { stdout } = await execute("sh", ["-c", printed], { cwd: "/" });
    const answer = JSON.parse(stdout) as {
      choices?: { message: { content: string } }[];
      b3iq?: { receipt_hash?: string };
    };
    expect(answer.choices?.[0]?.message.content, stdout).toBeTruthy();
    expect(answer.b3iq?.receipt_hash, stdout).toMatch(/^[0-9a-f]{64}$/);
    const counted = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    expect(counted.split("\n").filter((line) => line.startsWith("b3iq_contract_violations_total"))).toEqual([]);
    return ready_ms;
  } finally {
    expect(await program.stop("SIGINT", 60_000)).toEqual({ code: 0, signal: null });
  }
}

itUnless(lacking("curl"))(
  `${STARTS} starts in a row, in new homes and in old ones: the request that is printed succeeds each time`,
  { timeout: 600_000 + STARTS * 60_000 },
  async () => {
    const times: number[] = [];
    for (let left = STARTS; left > 0;) {
      const home = temporaryHome();
      try {
        // Once from nothing, once on what that left.
        for (let again = 0; again < 2 && left > 0; again++, left--) times.push(await startAndAsk(home));
      } finally {
        fs.rmSync(home, { recursive: true, force: true });
      }
    }
    expect(times).toHaveLength(STARTS);
    if (STARTS > 2) console.log(`seconds until ready: ${times.map((ms) => (ms / 1_000).toFixed(1)).join(" ")}`);
  },
);
