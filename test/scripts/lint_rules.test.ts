import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";
// @ts-expect-error the rules are plain JavaScript, as eslint loads them
import b3iq from "../../scripts/lint/rules.js";

const linter = new Linter({ configType: "flat" });

function messagesOf(rule: string, code: string, filename = "src/core/gateway/prices/prices.ts"): number {
  const config = {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser },
    plugins: { b3iq },
    rules: { [`b3iq/${rule}`]: "error" },
  };
  return linter.verify(code, config as Linter.Config, { filename }).length;
}

describe("wei-is-no-number", () => {
  it.each([
    "Number(amount_wei)",
    "Number(row.amount_wei)",
    "parseInt(hold!.charged_wei, 10)",
    "Number.parseFloat(x_wei.toString())",
    "+balance_wei",
    "Number(row['fee_wei'])",
    "Number(amountWei as string)",
  ])("refuses %s", (code) => expect(messagesOf("wei-is-no-number", code)).toBe(1));
  it.each(["BigInt(amount_wei)", "Number(latency_ms)", "-amount_wei", "amount_wei + 1n"])("allows %s", (code) =>
    expect(messagesOf("wei-is-no-number", code)).toBe(0),
  );
});

describe("hold-and-settle", () => {
  const hold = 'writer.apply({ kind: "hold", operation_id: id, quote })';
  const settle = 'writer.apply({ kind: "settle", operation_id: id, receipt })';
  it("lets a chat and a private job do it", () => {
    for (const [file, code] of [
      ["chat/admit", hold],
      ["chat/settle", settle],
      ["private_jobs/job_create", hold],
      ["private_jobs/job_settle", settle],
    ])
      expect(messagesOf("hold-and-settle", code!, `src/core/gateway/${file}.ts`)).toBe(0);
  });
  it("refuses it elsewhere", () => {
    for (const code of [hold, settle])
      for (const file of ["customers/customers", "chat/complete", "chat/dispatch"])
        expect(messagesOf("hold-and-settle", code, `src/core/gateway/${file}.ts`), file).toBe(1);
    expect(messagesOf("hold-and-settle", settle, "src/core/gateway/chat/admit.ts")).toBe(1);
    expect(messagesOf("hold-and-settle", hold, "src/core/gateway/chat/settle.ts")).toBe(1);
    expect(messagesOf("hold-and-settle", hold, "src/core/gateway/receipts/submission.ts")).toBe(1);
  });
  it("lets others credit", () => {
    expect(
      messagesOf(
        "hold-and-settle",
        'writer.apply({ kind: "credit", operation_id: id })',
        "src/core/gateway/customers/customers.ts",
      ),
    ).toBe(0);
  });
});
