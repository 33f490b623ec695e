/** Failures that follow from what an operation is: asked of every operation of the document alike. */
import type { Operation } from "../../../src/surface/binding/document.ts";
import { schemesOf, unknownIds } from "./hosted_world.ts";
import type { HostedWorld } from "./hosted_world.ts";
import type { Answer } from "./wire.ts";

export const documents = ({ responses }: Operation, status: number): boolean => responses[String(status)] !== undefined;

/** Credentials that may lack a role or a scope. */
const ROLES = /gatewayKey|adminToken/;
/** 400, 401, 403, 404, 413 and 415 of one operation, where it documents them; the answers by status. */
export async function refusals(world: HostedWorld, operation: Operation): Promise<Map<number, Answer>> {
  const { send } = world;
  const plan = () => world.plan(operation.operationId);
  const answers = new Map<number, Answer>();
  const asked = async (status: number, answer: Promise<Answer>) => answers.set(status, await answer);
  const { url } = plan();
  const malformed = `${url}${url.includes("?") ? "&" : "?"}unknown_parameter=1`;
  await asked(400, send({ ...plan(), url: malformed }));
  for (const scheme of schemesOf(operation)) {
    for (const kind of ["none", "wrong"] as const) await asked(401, send(plan(), kind, { scheme }));
  }
  if (documents(operation, 403) && ROLES.test(schemesOf(operation).join())) await asked(403, send(plan(), "weak"));
  if (documents(operation, 404) && operation.path.includes("{"))
    await asked(404, send({ ...plan(), url: unknownIds(plan().operation, plan().url) }));
  if (operation.requestBody !== undefined) {
    // A node signs what it sends; the size is looked at before.
    await asked(413, send(plan(), "good", { body: undefined, announced_bytes: 100_000_000 }));
    await asked(415, send(plan(), "good", { body: "text", headers: { "content-type": "text/plain" } }));
  }
  return answers;
}

/** A body that begins and does not go on: 408 after the server's patience, so all are asked side by side. */
export function stalled(world: HostedWorld, operation: Operation): Promise<Answer> {
  return world.send(world.plan(operation.operationId), "good", { body: undefined, announced_bytes: 100 });
}
