import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withoutStatuses } from "../../../scripts/openapi/statuses_of_class.ts";
import { bind } from "../../../src/surface/binding/bind.ts";
import { operationsOf } from "../../../src/surface/binding/document.ts";
import type { Document } from "../../../src/surface/binding/document.ts";
import { withDefaults } from "../../../src/surface/options.ts";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../generated/${name}.json`, import.meta.url), "utf8")) as Document;

/** Operations in which nothing can fail but the program itself. */
const WITHOUT = withoutStatuses(
  readFileSync(new URL("../../../docs/decisions/0004-statuses.md", import.meta.url), "utf8"),
);
const UNLIMITED = withDefaults().unlimited_operations;

/** What the surface may answer by itself, so that each operation has to document it. */
describe.each(["hosted", "local"])("the %s document", (name) => {
  const document = read(name);
  const operations = operationsOf(document);

  test("binds: every schema compiles, every scheme is known, every path is distinct", async () => {
    const { router } = await bind({
      document,
      operationIds: operations.map(({ operationId }) => operationId),
      lazy: false,
    });
    for (const { method, path, operationId } of operations) {
      const found = router.find(method.toUpperCase(), path.replaceAll(/\{[^}]+\}/g, "value"));
      expect(found?.operation.operationId).toBe(operationId);
    }
  });

  test.each(operations.map((operation) => [operation.operationId, operation] as const))(
    "%s documents what the surface answers",
    (_id, operation) => {
      const anyone = operation.security.length === 0;
      const needed = [
        "400",
        ...(anyone ? [] : ["401"]),
        ...(UNLIMITED.includes(operation.operationId) ? [] : ["429"]),
        ...(operation.requestBody ? ["408", "413", "415"] : []),
        ...(WITHOUT.has(`${operation.operationId} 500`) ? [] : ["500"]),
      ];
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(needed));
    },
  );
});
