import { afterAll, expect } from "vitest";
import { testDatabase, type TestDatabase } from "./database.ts";
import { startSystem, type System, type SystemOptions } from "./system.ts";

/**
 * A system for the tests of one file, on a fresh database, stopped after them. Its last test is that no answer of
 * gateway or agents differed from the documents.
 */
export async function testSystem(options: SystemOptions = {}): Promise<System & { db: TestDatabase }> {
  const db = await testDatabase();
  const system = await startSystem({ database_url: db.url, ...options }).catch(async (error: unknown) => {
    await db.drop();
    throw error;
  });
  afterAll(async () => {
    const violations = await system.violations();
    await system.stop();
    await db.drop();
    expect(violations).toEqual([]);
  });
  return { ...system, db };
}

/** The charge for a usage at the price of the test models. */
export function priceOf(
  usage: { prompt_tokens: number; completion_tokens: number },
  prompt_wei: bigint,
  completion_wei: bigint,
): bigint {
  return BigInt(usage.prompt_tokens) * prompt_wei + BigInt(usage.completion_tokens) * completion_wei;
}
