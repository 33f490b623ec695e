/** The steps of nodes, of what admins do with them, and of the log. */
import { signPayoutAddress } from "../../../src/core/protocol/receipt/payout.ts";
import { mintTransportKey, signTransportKey, utcSeconds } from "../../../src/core/protocol/envelope/transport_key.ts";
import { heartbeatBody } from "../../support/nodes/network.ts";
import { ledger, unobservedJob } from "../../support/payouts.ts";
import { eventually } from "../../support/system.ts";
import type { HostedWorld } from "./hosted_world.ts";
import { rawNode, TUNNEL } from "./node.ts";
import { stepTools, WHY } from "./step_tools.ts";
import type { Step } from "./step_tools.ts";
import type { Answer } from "./wire.ts";

export function networkSteps(world: HostedWorld): Step[] {
  const { system, wire, agent, node, plan } = world;
  const { asAdmin, chat, failing, command, leased, result, receipt } = stepTools(world);

  return [
    [
      "commands",
      async () => {
        const [open, one] = [await command(), await leased()];
        return [
          [200, await asAdmin("POST", `/commands/${open.command_id}/cancel`, WHY)],
          [409, await asAdmin("POST", `/commands/${open.command_id}/cancel`, WHY)],
          [409, await asAdmin("POST", `/commands/${open.command_id}/retry`, WHY)],
          [409, await result(one.command_id, one.lease_token + 1)],
          [200, await result(one.command_id, one.lease_token)],
          [404, await result(`cmd_${"0".repeat(26)}`, 1)],
          [200, await asAdmin("POST", `/commands/${one.command_id}/retry`, WHY)],
        ];
      },
    ],
    [
      "what a node sends",
      async () => {
        const { key } = mintTransportKey(node.identity.private_key, Date.now());
        const { x25519, ...period } = key;
        const transport_key = { ...period, x25519_public_key: x25519 };
        const { x25519: _, ...longer } = signTransportKey(
          { ...key, not_after: utcSeconds(Date.now() + 2 * 86_400_000) },
          node.identity.private_key,
        );
        const signed_at = utcSeconds(Date.now());
        const payout_address = "0x52908400098527886E0F7030069857D2E4169EE7";
        const address = {
          payout_address,
          signed_at,
          signature_ed25519: signPayoutAddress(
            { node_id: node.node_id, payout_address, signed_at },
            node.identity.private_key,
          ),
        };
        const good = receipt();
        return [
          [200, await node.call("POST", "/v1/node/heartbeats", heartbeatBody())],
          [426, await node.call("POST", "/v1/node/heartbeats", heartbeatBody({ protocol_version: 0 }))],
          [200, await node.call("POST", "/v1/node/heartbeats", heartbeatBody())],
          [201, await node.call("POST", "/v1/node/transport-keys", transport_key)],
          [409, await node.call("POST", "/v1/node/transport-keys", { ...transport_key, ...longer })],
          [200, await node.call("POST", "/v1/node/receipts", good)],
          [409, await node.call("POST", "/v1/node/receipts", { ...good, receipt_hash: "0".repeat(64) })],
          [200, await node.call("PUT", "/v1/node/payout-address", address)],
          [409, await node.call("PUT", "/v1/node/payout-address", address)],
          [200, await node.call("GET", "/v1/node/payouts")],
          [426, await node.call("GET", TUNNEL)],
        ];
      },
    ],
    [
      "enrolling",
      async () => {
        const stranger = rawNode(wire);
        const challenge = (await wire.ask(stranger.challenge())).json;
        const enrollment = stranger.enrollment(challenge);
        return [
          [426, await wire.ask(stranger.challenge({ protocol_version: 0 }))],
          [426, await wire.ask({ ...enrollment, body: { ...(enrollment.body as object), protocol_version: 0 } })],
          [201, await wire.ask(enrollment)],
          [401, await wire.ask(enrollment)],
        ];
      },
    ],
    [
      "a tunnel, and a node that is suspended and retired",
      async () => {
        const other = rawNode(wire);
        await other.enroll();
        const opened = await other.openTunnel();
        const status = (to: string) => asAdmin("PATCH", `/nodes/${other.node_id}`, { status: to, ...WHY });
        await status("suspended");
        const answers: [number, Answer][] = [
          [101, opened],
          [403, await other.openTunnel()],
          [
            409,
            await asAdmin("POST", "/commands", { ...(plan("createCommand").body as object), node_id: other.node_id }),
          ],
        ];
        await status("retired");
        return [...answers, [409, await status("active")]];
      },
    ],
    [
      "stake and benchmarks",
      async () => {
        const stake = {
          registered: true,
          active: true,
          stake_wei: "5",
          observed_at: new Date().toISOString(),
          max_open_exposure_wei: null,
        };
        const put = (body: object) => asAdmin("PUT", `/nodes/${node.node_id}/stake`, body);
        const bench = (node_id: string, model: string) =>
          asAdmin("POST", `/nodes/${node_id}/benchmarks`, { model, max_tokens: 8 });
        await node.call("POST", "/v1/node/heartbeats", heartbeatBody());
        return [
          [200, await put(stake)],
          [409, await put({ ...stake, observed_at: "2020-01-01T00:00:00.000Z" })],
          [409, await bench(node.node_id, "tiny.gguf")],
          [502, await failing({ status: 500 }, () => bench(agent.node_id, agent.model))],
        ];
      },
    ],
    [
      "a payout that no gateway saw, let go or refused",
      async () => {
        const { writer, payer } = await ledger(system.db);
        const hashes = [
          (await unobservedJob(system.db, writer, payer, node.node_id)).receipt_hash,
          (await unobservedJob(system.db, writer, payer, node.node_id)).receipt_hash,
        ];
        await writer.close();
        const review = (index: number, verb: string) =>
          asAdmin("POST", `/withheld-payouts/${hashes[index]}/${verb}`, WHY);
        return [
          [200, await review(0, "release")],
          [409, await review(0, "refuse")],
          [200, await review(1, "refuse")],
          [409, await review(1, "release")],
        ];
      },
    ],
    [
      "the log and a payout",
      async () => {
        const receipt_hash = (await chat()).json.b3iq.receipt_hash as string;
        const proof = await eventually(async () => {
          const answer = await wire.ask({ method: "GET", url: `/v1/receipts/${receipt_hash}/proof` });
          return answer.status === 200 && answer;
        });
        const batches = "/payout-batches";
        const created = await asAdmin("POST", batches, {});
        const { batch_id } = created.json;
        const at = (what: string, body: object) => asAdmin("POST", `${batches}/${batch_id}/${what}`, body);
        const answers: [number, Answer][] = [
          [200, proof],
          [
            304,
            await wire.ask({
              method: "GET",
              url: `/v1/receipts/${receipt_hash}/proof`,
              headers: { "if-none-match": "*" },
            }),
          ],
          [200, await asAdmin("POST", `${batches}/preview`, {})],
          [201, created],
          [409, await asAdmin("POST", batches, {})],
          [200, await asAdmin("GET", `${batches}/${batch_id}`)],
          [200, await wire.ask({ method: "GET", url: `/v1/public/settlement/batches/${batch_id}` })],
          [
            304,
            await wire.ask({
              method: "GET",
              url: `/v1/public/settlement/batches/${batch_id}`,
              headers: { "if-none-match": "*" },
            }),
          ],
          [409, await at("finalize", WHY)],
          [200, await at("reset", WHY)],
          [409, await at("reset", WHY)],
          [409, await at("submit", {})],
        ];
        const next = (await asAdmin("POST", batches, {})).json.batch_id as string;
        return [
          ...answers,
          [200, await asAdmin("POST", `${batches}/${next}/submit`, {})],
          [200, await asAdmin("POST", `${batches}/${next}/finalize`, WHY)],
        ];
      },
    ],
  ];
}
