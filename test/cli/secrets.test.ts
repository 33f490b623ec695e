import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareHome } from "../../src/config.ts";
import { ensureSecret, gatewaySecrets, readSecret, secretFingerprint, writeSecret } from "../../src/core/secrets.ts";
import { differingSecrets } from "../../src/store/postgres/secret_fingerprints.ts";
import { testDatabase } from "../support/database.ts";

let home: string;
let secrets: string;
const umask = process.umask();
beforeEach(() => {
  home = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "b3iq-secrets-")), "home");
  secrets = path.join(home, "secrets");
  prepareHome({ home, secrets_dir: secrets });
});
afterEach(() => fs.rmSync(path.dirname(home), { recursive: true }));

const mode = (file: string) => (fs.statSync(file).mode & 0o777).toString(8);

test("home and secrets are private, whatever the umask", () => {
  gatewaySecrets(secrets);
  writeSecret(secrets, "customer-id", "cus_1");
  expect(mode(home)).toBe("700");
  expect(mode(secrets)).toBe("700");
  expect(fs.readdirSync(secrets).sort()).toEqual(["admin-token", "customer-id", "log-key", "peer-key", "pepper"]);
  for (const name of fs.readdirSync(secrets)) expect(mode(path.join(secrets, name))).toBe("600");
  expect(process.umask()).toBe(umask);
});

test("a secret is made once, and the same for all who make it at once", () => {
  const first = gatewaySecrets(secrets);
  expect(gatewaySecrets(secrets)).toEqual(first);
  expect(first.pepper).toHaveLength(32);
  expect(first.admin_token).toMatch(/^b3iq_admin_/);
  // Another process wins between our look and our link.
  const text = ensureSecret(secrets, "setup-token", () => {
    writeSecret(secrets, "setup-token", "theirs");
    return "ours";
  });
  expect(text).toBe("theirs");
});

test("a secret that others may read, and one of a wrong form, are refused without being quoted", () => {
  writeSecret(secrets, "pepper", "short");
  expect(() => gatewaySecrets(secrets)).toThrow(/^secret pepper is not 32 bytes/);
  fs.chmodSync(path.join(secrets, "pepper"), 0o644);
  expect(() => readSecret(secrets, "pepper")).toThrow(/mode 644, allowed: 600.*chmod 600/);
});

test("the database notices another pepper", async () => {
  const db = await testDatabase();
  const own = gatewaySecrets(secrets);
  const prints = {
    pepper: secretFingerprint("pepper", own.pepper),
    "log-key": secretFingerprint("log-key", own.log_key),
  };
  expect(await differingSecrets(db, prints)).toEqual([]);
  expect(await differingSecrets(db, prints)).toEqual([]);
  expect(await differingSecrets(db, { ...prints, pepper: secretFingerprint("pepper", own.log_key) })).toEqual([
    "pepper",
  ]);
  await db.drop();
});
