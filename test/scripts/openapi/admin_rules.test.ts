import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adminProblems } from "../../../scripts/openapi/admin_rules.ts";
import { operationsOf, type Dict, type Operation } from "../../../scripts/openapi/document_walk.ts";

const document = JSON.parse(readFileSync("generated/hosted.json", "utf8")) as Dict;
const operations = operationsOf(document);

/** What the rules find when an operation differs from its document by `change`. */
function problems(id: string, change: Dict): string[] {
  const operation = operations.find((one) => one["operationId"] === id)!;
  return adminProblems(document, { ...operation, ...change } as Operation);
}

describe("the rules of admin operations", () => {
  it.each<[string, string, Dict, string[]]>([
    ["a role is missing", "listNodes", { "x-b3iq-role": undefined }, ["takes an admin token and has no x-b3iq-role"]],
    ["a role is unknown", "listNodes", { "x-b3iq-role": "root" }, ["x-b3iq-role has the unknown role root"]],
    [
      "`all` is asked for, which a token has and no operation needs",
      "listNodes",
      { "x-b3iq-role": "all" },
      ["x-b3iq-role has the unknown role all"],
    ],
    [
      "a change has no entry",
      "updateNode",
      { "x-b3iq-audit": undefined },
      ["is an admin's change without x-b3iq-audit; say none with a reason if it changes nothing"],
    ],
    [
      "no entry has no reason",
      "explainRoute",
      { "x-b3iq-audit": { none: " " } },
      ["x-b3iq-audit has none without a reason"],
    ],
    [
      "none comes with an entry",
      "updateNode",
      { "x-b3iq-audit": { none: "Changes nothing.", target: "node_id" } },
      ["x-b3iq-audit has none, and says what is written"],
    ],
    [
      "the target is nowhere in the path or the answer",
      "updateNode",
      { "x-b3iq-audit": { target: "reason" } },
      ["x-b3iq-audit has no target that the path or the answer names"],
    ],
    [
      "a detail is nowhere in or out",
      "updateNode",
      { "x-b3iq-audit": { target: "node_id", detail: ["reason", "mood"] } },
      ["x-b3iq-audit has the detail mood, which nothing in or out has"],
    ],
    [
      "the exception is unknown",
      "createCredit",
      { "x-b3iq-audit": { target: "customer_id", unless: "tired" } },
      ["x-b3iq-audit has an unknown unless: tired"],
    ],
    [
      "a word is unknown",
      "createCredit",
      { "x-b3iq-audit": { target: "customer_id", details: [] } },
      ["x-b3iq-audit has the unknown word details"],
    ],
    [
      "an operation of others has a role",
      "listModels",
      { "x-b3iq-role": "read" },
      ["has x-b3iq-role or x-b3iq-audit, and takes no admin token"],
    ],
  ])("find that %s", (_what, id, change, found) => {
    expect(problems(id, {})).toEqual([]);
    expect(problems(id, change)).toEqual(found);
  });

  it("find nothing in a word of the path, a member of the answer and a query parameter", () => {
    expect(problems("recoverReservations", { "x-b3iq-audit": { target: "reservations" } })).toEqual([]);
    expect(problems("createCustomer", { "x-b3iq-audit": { target: "customer_id" } })).toEqual([]);
    expect(problems("revokeGatewayKey", { "x-b3iq-audit": { target: "key_id", detail: ["abort"] } })).toEqual([]);
  });
});
