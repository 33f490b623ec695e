import { expect, it } from "vitest";
import { simulateNodes } from "../../../../bench/nodes_load.ts";

const NODES = 200;

it(
  `finds the dead of ${NODES} nodes in time and drops no living one, over real HTTP`,
  { timeout: 180_000 },
  async () => {
    const { figures, problems } = await simulateNodes({
      nodes: NODES,
      seconds: 20,
      dying: 5,
      heartbeat_ms: 2_000,
      dead_after_ms: 12_000,
    });
    expect(problems, JSON.stringify(figures)).toEqual([]);
    expect(figures["least_online"]![0]).toBe(NODES);
  },
);
