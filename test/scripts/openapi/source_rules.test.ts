import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSources } from "../../../scripts/openapi/read_sources.ts";
import { sourceProblems, type Sources } from "../../../scripts/openapi/source_rules.ts";
import { withoutStatuses } from "../../../scripts/openapi/statuses_of_class.ts";
import type { Dict } from "../../../scripts/openapi/document_walk.ts";

const readJson = (path: string): Dict => JSON.parse(readFileSync(path, "utf8")) as Dict;
const bundles = [readJson("generated/hosted.json"), readJson("generated/local.json")];
const without = withoutStatuses(readFileSync("docs/decisions/0004-statuses.md", "utf8"));
const sources = await readSources("openapi");

const problems = (change: (copy: Record<string, Record<string, Dict>>) => void): string[] => {
  const copy = structuredClone(sources);
  change(copy as Record<string, Record<string, Dict>>);
  return sourceProblems(copy, bundles, without);
};
/** The operation that the cases below change. */
const getAccount = (copy: Sources): Dict => (copy["billing/paths.yaml"]!["/v1/billing/account"] as { get: Dict }).get;

describe("the rules of openapi/", () => {
  it("find nothing in it", () => {
    expect(Object.keys(sources).length).toBeGreaterThan(40);
    expect(problems(() => undefined)).toEqual([]);
  });

  it.each<[string, (copy: Record<string, Record<string, Dict>>) => void, string]>([
    [
      "a name that no operation uses",
      (copy) => (copy["billing/schemas.yaml"]!["forgotten"] = { type: "string" }),
      "openapi/billing/schemas.yaml: no operation uses forgotten",
    ],
    [
      "an example of the name of a schema that is used, which no operation shows",
      (copy) => (copy["billing/examples.yaml"]!["wei"] = { value: "1" }),
      "openapi/billing/examples.yaml: no operation uses wei",
    ],
    [
      "a name in two files",
      (copy) => (copy["public/schemas.yaml"]!["wei"] = { type: "string" }),
      "openapi/public/schemas.yaml: wei stands in openapi/common/scalars.yaml too",
    ],
    [
      "a failure that the class brings",
      (copy) => ((getAccount(copy)["responses"] as Dict)["429"] = {}),
      "openapi/billing/paths.yaml: getBillingAccount has 429, which make generate adds",
    ],
    [
      "an operation in the folder of another tag",
      (copy) => (getAccount(copy)["tags"] = ["keys"]),
      "openapi/billing/paths.yaml: getBillingAccount has another tag than billing",
    ],
    [
      "a reference into another tag's folder",
      (copy) => (getAccount(copy)["x-seen"] = { $ref: "../keys/schemas.yaml#/gateway_key_create" }),
      "openapi/billing/paths.yaml: refers to keys/schemas.yaml; what several tags use stands in common/",
    ],
    [
      "a reference from common into a tag's folder",
      (copy) => (copy["common/scalars.yaml"]!["wei"] = { $ref: "../keys/schemas.yaml#/wei" }),
      "openapi/common/scalars.yaml: refers to keys/schemas.yaml; what several tags use stands in common/",
    ],
    [
      "a fourth kind of file",
      (copy) => (copy["billing/extras.yaml"] = {}),
      "openapi/billing/extras.yaml: is not one of paths.yaml, local_paths.yaml, schemas.yaml, examples.yaml",
    ],
  ])("find %s", (_what, change, sentence) => {
    expect(problems(change)).toEqual([sentence]);
  });
});
