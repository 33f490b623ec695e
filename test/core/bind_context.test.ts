import { expect, test } from "vitest";
import { bind } from "../../src/core/bind_context.ts";

test("bound functions get the context first, and the rest as it was given", () => {
  const context = { name: "context" };
  const { join, self } = bind(context, {
    join: ({ name }: { name: string }, one: number, more?: string) => [name, one, more],
    self: (given: { name: string }) => given,
  });
  expect(join(1, "two")).toEqual(["context", 1, "two"]);
  expect(join(1)).toEqual(["context", 1, undefined]);
  expect(self()).toBe(context);
});
