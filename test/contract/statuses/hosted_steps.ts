/**
 * What takes several calls to be asked, of customers and admins: successes that need something before, refusals that
 * need a state.
 */
import { networkSteps } from "./hosted_network_steps.ts";
import type { HostedWorld } from "./hosted_world.ts";
import { mark, stepTools, WHY } from "./step_tools.ts";
import type { Step } from "./step_tools.ts";
import type { Answer } from "./wire.ts";

export const hostedSteps = (world: HostedWorld): Step[] => [...customerSteps(world), ...networkSteps(world)];

function customerSteps(world: HostedWorld): Step[] {
  const { wire, seeds, agent, send, plan, privateJob } = world;
  const { asAdmin, chat, asCustomer, customer, failing } = stepTools(world);

  return [
    ["a stream", async () => [[200, await chat({ stream: true })]]],
    [
      "the export's other forms",
      async () => [
        [200, await send(plan("exportBillingUsage"), "good", { headers: { accept: "text/csv" } })],
        [200, await send(plan("exportBillingUsage"), "good", { headers: { accept: "application/x-ndjson" } })],
        [406, await send(plan("exportBillingUsage"), "good", { headers: { accept: "image/png" } })],
      ],
    ],
    [
      "a chat that is refused for what it asks",
      async () => {
        const idempotency = { "idempotency-key": mark() };
        return [
          [402, await chat({}, { authorization: `Bearer ${seeds.poor_gateway_key}` })],
          [404, await chat({ model: "unknown-model" })],
          [200, await chat({}, idempotency)],
          [409, await chat({ seed: 5 }, idempotency)],
        ];
      },
    ],
    [
      "a chat that no node answers",
      async () => {
        const answers: [number, Answer][] = [
          [502, await failing({ status: 500 }, () => chat())],
          [504, await failing({ first_delay_ms: 3_000 }, () => chat({ stream: true }))],
        ];
        const incident = await asAdmin("POST", "/incidents", { scope: "model", target: agent.model, ...WHY });
        answers.push(
          [503, await chat()],
          [200, await asAdmin("POST", `/incidents/${incident.json.incident_id}/clear`, WHY)],
        );
        return answers;
      },
    ],
    [
      "frozen and poor customers",
      async () => {
        const [frozen, poor] = [await customer(true), await customer()];
        const key = (await asCustomer({ method: "POST", url: "/v1/keys", body: plan("createKey").body }, frozen)).json
          .key_id;
        await asAdmin("PATCH", `/customers/${frozen.customer_id}`, { status: "frozen" });
        const job = (body: object, who: typeof frozen) =>
          asCustomer({ method: "POST", url: "/v1/private-inference/jobs", body }, who);
        return [
          [403, await asCustomer({ method: "POST", url: "/v1/keys", body: plan("createKey").body }, frozen)],
          [403, await asCustomer({ method: "PATCH", url: `/v1/keys/${key}`, body: { label: "x" } }, frozen)],
          [403, await job(privateJob(), frozen)],
          [402, await job(privateJob(), poor)],
          [200, await asCustomer({ method: "DELETE", url: `/v1/keys/${key}` }, frozen)],
        ];
      },
    ],
    [
      "a closed customer reads what it was charged and revokes, and does nothing else",
      async () => {
        const closed = await customer(true);
        const scopes = ["models:read", "chat:create", "billing:read"];
        const { key, key_id } = (
          await asCustomer({ method: "POST", url: "/v1/keys", body: { label: "closed", scopes } }, closed)
        ).json;
        const bearer = { authorization: `Bearer ${key}` };
        const { job_id } = (await chat({}, bearer)).json.b3iq;
        await asAdmin("PATCH", `/customers/${closed.customer_id}`, { status: "closed" });
        const reads = ["/v1/billing/account", "/v1/billing/usage", `/v1/billing/jobs/${job_id}`];
        const answers: [number, Answer][] = [
          [403, await chat({}, bearer)],
          [200, await wire.ask({ method: "GET", url: "/v1/models", headers: bearer })],
        ];
        for (const url of reads)
          answers.push(
            [200, await wire.ask({ method: "GET", url, headers: bearer })],
            [200, await asCustomer({ method: "GET", url }, closed)],
          );
        return [
          ...answers,
          [200, await asCustomer({ method: "GET", url: "/v1/keys" }, closed)],
          [200, await asCustomer({ method: "DELETE", url: `/v1/keys/${key_id}` }, closed)],
        ];
      },
    ],
    [
      "a private job",
      async () => {
        const [body, other] = [privateJob(), privateJob()];
        const again = privateJob(body.job_id);
        return [
          [202, await send(plan("createPrivateJob"), "good", { body })],
          [409, await send(plan("createPrivateJob"), "good", { body: again })],
          [
            404,
            await send(plan("createPrivateJob"), "good", { body: { ...other, node_id: `node_${"0".repeat(26)}` } }),
          ],
          [200, await send({ ...plan("getPrivateJob"), url: `/v1/private-inference/jobs/${body.job_id}` })],
        ];
      },
    ],
    [
      "money that was booked before",
      async () => {
        const [credit, refund, reference] = [plan("createCredit"), plan("createRefund"), mark()];
        const booked = { amount_wei: "5", reference };
        const back = { ...(refund.body as object), refund_id: mark() };
        const another = await customer();
        return [
          [201, await send(credit, "good", { body: booked })],
          [200, await send(credit, "good", { body: booked })],
          [409, await asAdmin("POST", `/customers/${another.customer_id}/credits`, booked)],
          [201, await send(refund, "good", { body: back })],
          [200, await send(refund, "good", { body: back })],
          [409, await send(refund, "good", { body: { ...back, refund_id: mark(), amount_wei: "900000000000000000" } })],
        ];
      },
    ],
    [
      "another version of a policy, a model or node that is not there",
      async () => {
        const policy = (id: string) => ({ ...(plan(id).body as object), expected_version: 999 });
        return [
          [409, await send(plan("putCustomerPolicy"), "good", { body: policy("putCustomerPolicy") })],
          [409, await send(plan("putKeyPolicy"), "good", { body: policy("putKeyPolicy") })],
          [
            404,
            await send(plan("explainRoute"), "good", {
              body: { ...(plan("explainRoute").body as object), customer_id: `cus_${"0".repeat(26)}` },
            }),
          ],
          [
            404,
            await send(plan("createCommand"), "good", {
              body: { ...(plan("createCommand").body as object), node_id: `node_${"0".repeat(26)}` },
            }),
          ],
        ];
      },
    ],
    [
      "incidents, opened and cleared twice",
      async () => {
        const incident = { scope: "model", target: `twice-${mark()}`, ...WHY };
        const opened = await asAdmin("POST", "/incidents", incident);
        const clear = `/incidents/${opened.json.incident_id}/clear`;
        return [
          [201, opened],
          [409, await asAdmin("POST", "/incidents", incident)],
          [200, await asAdmin("POST", clear, WHY)],
          [409, await asAdmin("POST", clear, WHY)],
        ];
      },
    ],
  ];
}
