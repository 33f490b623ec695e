/** What steps are made of: calls as the customer, the admin and a node of the world. */
import { randomBytes } from "node:crypto";
import { signReceipt } from "../../../src/core/protocol/receipt/receipt.ts";
import { receiptPayload } from "../../support/protocol_fixtures.ts";
import type { HostedWorld } from "./hosted_world.ts";
import type { Answer, Asked } from "./wire.ts";

/** A name, and the calls of it with the status that each must have. */
export type Step = [name: string, run: () => Promise<[status: number, answer: Answer][]>];

export const WHY = { reason: "A test of statuses." };
export const mark = () => randomBytes(6).toString("hex");

export function stepTools(world: HostedWorld) {
  const { wire, admin_token, runtime, node, send, plan } = world;
  const asAdmin = (method: string, url: string, body?: object) =>
    wire.ask({ method, url: `/v1/admin${url}`, headers: { "x-b3iq-admin-token": admin_token }, body });
  const chat = (body: object = {}, headers: Record<string, string> = {}) =>
    send(plan("createChatCompletion"), "good", {
      body: { ...(plan("createChatCompletion").body as object), ...body },
      headers,
    });
  const asCustomer = (asked: Asked, { customer_id, customer_token }: { customer_id: string; customer_token: string }) =>
    wire.ask({ ...asked, headers: { "x-b3iq-customer-id": customer_id, "x-b3iq-customer-token": customer_token } });

  async function customer(credit = false): Promise<{ customer_id: string; customer_token: string }> {
    const made = (await asAdmin("POST", "/customers", { label: "steps" })).json;
    if (credit)
      await asAdmin("POST", `/customers/${made.customer_id}/credits`, {
        amount_wei: "1000000000000000000",
        reference: mark(),
      });
    return made;
  }

  async function failing<T>(behaviour: object, work: () => Promise<T>): Promise<T> {
    const before = runtime.behaviour;
    runtime.behaviour = { ...before, ...behaviour };
    try {
      return await work();
    } finally {
      runtime.behaviour = before;
    }
  }

  const command = async (node_id = node.node_id) =>
    (
      await asAdmin("POST", "/commands", {
        node_id,
        kind: "runtime_probe",
        payload: { model_profile_id: "p1" },
        ...WHY,
      })
    ).json;
  const leased = async () => {
    const { command_id } = await command();
    const { commands } = (await node.call("POST", "/v1/node/commands/poll", { wait_seconds: 1, max: 16 })).json;
    return commands.find((one: { command_id: string }) => one.command_id === command_id);
  };
  const result = (command_id: string, lease_token: number) =>
    node.call("POST", `/v1/node/commands/${command_id}/result`, {
      lease_token,
      status: "failed",
      failure: { code: "probe_failed", message: "no" },
    });
  const receipt = (change: object = {}) =>
    signReceipt(
      { ...receiptPayload(), node_id: node.node_id, node_epoch: node.node.epoch, ...change },
      node.identity.private_key,
    );

  return { asAdmin, chat, asCustomer, customer, failing, command, leased, result, receipt };
}
