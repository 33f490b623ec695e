import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAccess, type Access } from "../../../../src/core/host/access/access.ts";
import { LOCAL_SCOPES } from "../../../../src/core/host/access/local_keys.ts";
import { createAccessStore } from "../../../../src/store/sqlite/access_store.ts";
import { openHostState, type HostState } from "../../../../src/store/sqlite/host_state.ts";
import { temporaryFolder } from "../../../support/host.ts";

const folder = temporaryFolder();
let state: HostState;
let access: Access;
let now_ms: number;

beforeEach(() => {
  now_ms = 1_000_000;
  state = openHostState(folder.path);
  access = createAccess({ store: createAccessStore(state), setup_token: () => "token", now_ms: () => now_ms });
});

afterEach(() => {
  state.close();
  folder.remove();
});

describe("local keys", () => {
  const KEY = { label: "app", scopes: LOCAL_SCOPES, expires_at_ms: 2_000_000 };

  test("a key is accepted until it ends, and then called expired", () => {
    const { key, row } = access.createKey(KEY);
    expect(access.localKey(key)).toEqual(row);
    now_ms = 1_999_999;
    expect(access.statusOf(access.localKey(key))).toBe("active");
    now_ms = 2_000_000;
    expect(() => access.localKey(key)).toThrow(expect.objectContaining({ code: "unauthorized" }));
    expect(access.statusOf(row)).toBe("expired");
  });

  test("a revoked key is refused at once, and stays revoked when it is revoked again or ends", () => {
    const { key, row } = access.createKey(KEY);
    const revoked = access.revokeKey(row.key_id);
    expect(() => access.localKey(key)).toThrow(expect.objectContaining({ code: "unauthorized" }));
    now_ms = 3_000_000;
    expect(access.revokeKey(row.key_id)).toEqual(revoked);
    expect(access.statusOf(revoked)).toBe("revoked");
    expect(() => access.revokeKey("key_other")).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  test("an end in the past is refused; a key that exists is adopted once, with every scope", () => {
    expect(() => access.createKey({ ...KEY, expires_at_ms: now_ms })).toThrow(
      expect.objectContaining({ code: "invalid_request", param: "expires_at" }),
    );
    const { key } = access.createKey(KEY);
    access.adoptKey(key, "again");
    access.adoptKey("no key", "wrong");
    expect(access.keys()).toHaveLength(1);
  });
});

describe("the owner", () => {
  test("is claimed once unless recover is given, which ends the sessions before", async () => {
    const first = await access.claim("ada", "password-one", false);
    expect(access.isSession(first.token)).toBe(true);
    await expect(access.claim("eve", "password-two", false)).rejects.toMatchObject({ code: "setup_already_claimed" });
    await access.claim("grace", "password-two", true);
    expect(access.isSession(first.token)).toBe(false);
    expect(access.owner()?.name).toBe("grace");
  });

  test("two claims at once make one owner", async () => {
    const claims = await Promise.allSettled(["ada", "eve"].map((name) => access.claim(name, "password", false)));
    expect(claims.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("a session ends after twelve hours, or when it is ended", async () => {
    const { token, expires_at_ms } = await access.claim("ada", "password", false);
    now_ms = expires_at_ms - 1;
    expect(access.isSession(token)).toBe(true);
    now_ms = expires_at_ms;
    expect(access.isSession(token)).toBe(false);
    const later = await access.login("ada", "password");
    access.endSession(later.token);
    expect(access.isSession(later.token)).toBe(false);
  });

  test("five wrong attempts, then one every twelve seconds; the right password gives all of them back", async () => {
    await access.claim("ada", "password", false);
    const wrong = () => access.login("ada", "wrong");
    for (let i = 0; i < 5; i++) await expect(wrong()).rejects.toMatchObject({ code: "unauthorized" });
    await expect(access.login("ada", "password")).rejects.toMatchObject({
      code: "rate_limited",
      retry_after_ms: 12_000,
    });
    now_ms += 12_000;
    await access.login("ada", "password");
    for (let i = 0; i < 5; i++) await expect(wrong()).rejects.toMatchObject({ code: "unauthorized" });
    await expect(wrong()).rejects.toMatchObject({ code: "rate_limited" });
  });
});

test("the setup token is read at each use", () => {
  expect(access.isSetupToken("token")).toBe(true);
  expect(access.isSetupToken("other")).toBe(false);
});
