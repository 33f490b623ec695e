import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAdminToken, readAdminTokens, revokeAdminToken } from "../../../../src/core/admin_tokens.ts";
import { createAdmins } from "../../../../src/core/gateway/keys/admins.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "b3iq-admins-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const later = new Date(Date.now() + 60_000).toISOString();

describe("admin tokens", () => {
  it("of the secrets folder have every role; named ones have theirs", async () => {
    const token = createAdminToken(folder, { name: "ops", roles: ["read", "money"], expires_at: later });
    const check = createAdmins({ root_token: "b3iq_admin_root", secrets_dir: folder });
    expect(await check("b3iq_admin_root")).toEqual({ kind: "admin", name: "root", roles: ["all"] });
    expect(await check(token)).toEqual({ kind: "admin", name: "ops", roles: ["read", "money"] });
    await expect(check(`${token}x`)).rejects.toMatchObject({ code: "unauthorized", status: 401 });
  });

  it("expire, and end when they are revoked or replaced", async () => {
    const token = createAdminToken(folder, { name: "ops", roles: ["read"], expires_at: later });
    const fresh = (now_ms?: () => number) =>
      createAdmins({ root_token: "r", secrets_dir: folder, ...(now_ms ? { now_ms } : {}) });
    await expect(fresh(() => Date.parse(later))(token)).rejects.toMatchObject({ code: "unauthorized" });
    const second = createAdminToken(folder, { name: "ops", roles: ["read"], expires_at: later });
    await expect(fresh()(token)).rejects.toMatchObject({ code: "unauthorized" });
    expect(revokeAdminToken(folder, "ops")).toBe(true);
    await expect(fresh()(second)).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("stand in private files without the token, and a broken file admits nobody", () => {
    const token = createAdminToken(folder, { name: "ops", roles: ["read"], expires_at: later });
    const file = path.join(folder, "admin-tokens", "ops.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(readAdminTokens(folder))).not.toContain(token);
    writeFileSync(file, "{");
    expect(readAdminTokens(folder)).toEqual([]);
  });

  it("refuse names that could leave the folder or pass for another actor", () => {
    for (const name of ["../x", "root", "gateway", "A", ""])
      expect(() => createAdminToken(folder, { name, roles: ["read"], expires_at: later })).toThrow(RangeError);
  });
});
