import { expect, test } from "vitest";
import { hostedWorld } from "./statuses/hosted_world.ts";
import { documents, refusals, stalled } from "./statuses/hosted_refusals.ts";
import { hostedSteps } from "./statuses/hosted_steps.ts";
import { exhausted, withoutDatabase, withoutTables } from "./statuses/hosted_faults.ts";
import { cachingProblems, headProblems, methodProblems } from "./statuses/hosted_manners.ts";
import { writeAnswers } from "./statuses/report.ts";

const world = await hostedWorld();
const { wire } = world;
const waiting = wire.operations
  .filter((operation) => documents(operation, 408))
  .map(async (operation) => [operation.operationId, (await stalled(world, operation)).status]);

test.each(wire.operations.map((operation) => [operation.operationId, operation] as const))(
  "%s refuses what it must",
  async (_id, operation) => {
    const answers = await refusals(world, operation);
    expect(Object.fromEntries([...answers].map(([status, { status: got }]) => [status, got]))).toEqual(
      Object.fromEntries([...answers.keys()].map((status) => [status, status])),
    );
  },
);

test("a body that stops on its way is given up", async () => {
  expect((await Promise.all(waiting)).filter(([, status]) => status !== 408)).toEqual([]);
});

test.each(hostedSteps(world))("%s", async (_name, run) => {
  const answers = await run();
  expect(
    answers.flatMap(([status, answer], index) =>
      answer.status === status ? [] : [`${index}: ${status} was meant, ${answer.status} came: ${answer.text}`],
    ),
  ).toEqual([]);
});

/** These need something before; the steps ask them. */
const STEPS_ONLY =
  /^(enrollNode|openNodeTunnel|.*PrivateJob|.*PayoutBatch|getSettlementBatch|(retry|cancel)Command|publishTransportKey|submit.*|putPayoutAddress|.*WithheldPayout|getReceiptProof)$/;

test.each(
  wire.operations
    .filter(({ operationId }) => !STEPS_ONLY.test(operationId))
    .map((operation) => [operation.operationId]),
)("%s succeeds", async (id) => {
  const answer = await world.send(world.plan(id));
  expect(answer.status, answer.text).toBeLessThan(300);
});

test("the audit log has rows of every audited operation, and in them what its document names", async () => {
  const { data } = await world.admin("listAuditLog", { query: { limit: 1000 } });
  const named = (id: string) => {
    const audit = wire.operations.find(({ operationId }) => operationId === id)?.["x-b3iq-audit"];
    return audit === undefined || "none" in audit ? undefined : [...(audit.detail ?? []), "request_id"];
  };
  const audited = wire.operations.map(({ operationId }) => operationId).filter((id) => named(id) !== undefined);
  const seen = new Set(data.map(({ action }) => action));
  // Nothing of this run is left to recover.
  expect(audited.filter((id) => !seen.has(id))).toEqual(["recoverReservations"]);
  for (const { action, actor, detail } of data.filter(({ actor }) => actor !== "gateway")) {
    expect(named(action), `${action} by ${actor}`).toEqual(expect.arrayContaining(Object.keys(detail)));
    expect(detail, action).toHaveProperty("request_id");
  }
});

test("a path names its methods to who asks for others", async () => {
  expect(await methodProblems(world)).toEqual([]);
});

test("HEAD is GET without its body", async () => {
  expect(await headProblems(world)).toEqual([]);
});

test("public reads are cached and confirmed by 304, all others are kept by nobody", async () => {
  await world.send(world.plan("createChatCompletion"));
  expect(await cachingProblems(world)).toEqual([]);
});

const others = (answers: [string, { status: number; text: string }][], status: number) =>
  answers.flatMap(([id, answer]) =>
    answer.status === status ? [] : [`${id}: ${answer.status} ${answer.text.slice(0, 200)}`],
  );

test("limits of callers without an accepted credential", async () => {
  const { first, answers } = await exhausted(world);
  expect(first.status, first.text).toBe(404);
  expect(others(answers, 429)).toEqual([]);
});

test("a schema that is not there is a failure of ours", async () => {
  expect(others(await withoutTables(world), 500)).toEqual([]);
});

test("a database that is away", async () => {
  expect(others(await withoutDatabase(world), 503)).toEqual([]);
});

test("every documented answer", () => {
  expect(wire.problems).toEqual([]);
  expect(writeAnswers("hosted", wire)).toEqual([]);
});
