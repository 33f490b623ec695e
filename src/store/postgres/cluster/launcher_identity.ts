import { execFileSync } from "node:child_process";

/**
 * The only folders where programs are looked up: the caller's environment must not decide which program runs as root.
 */
export const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The account that runs Postgres: `wrap` stands before its command line, `ids` go to spawn. */
export type Identity = {
  how: "same user" | "user namespace" | "account";
  wrap: string[];
  ids: { uid?: number; gid?: number };
};

const ACCOUNT = "postgres";
const NAMESPACE = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"];

/**
 * Postgres refuses uid 0. A user namespace (it is `nobody` inside, and still owns and enters what root owns) needs no
 * other account and no readable parent folder; where the kernel or a container refuses it, the account `postgres` is
 * used, and made when missing.
 */
export function chooseIdentity(forced: "account" | undefined, say: (line: string) => void): Identity {
  if (process.getuid?.() !== 0) return { how: "same user", wrap: [], ids: {} };
  if (forced !== "account" && runs([...NAMESPACE, "true"])) return { how: "user namespace", wrap: NAMESPACE, ids: {} };
  if (!runs(["id", "-u", ACCOUNT])) {
    say(
      `Postgres refuses to run as root: making the system account "${ACCOUNT}" for it (remove it with: userdel ${ACCOUNT})`,
    );
    run(["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]);
  }
  return {
    how: "account",
    wrap: [],
    ids: { uid: Number(run(["id", "-u", ACCOUNT])), gid: Number(run(["id", "-g", ACCOUNT])) },
  };
}

/** Whether `identity` can enter `directory`, asked as that identity, since every folder above it counts too. */
export function canEnter(directory: string, identity: Identity): boolean {
  if (identity.ids.uid === undefined) return true;
  return runs(["test", "-x", directory], identity.ids);
}

function run(command: string[], ids: Identity["ids"] = {}): string {
  const [file, ...args] = command;
  return execFileSync(file!, args, {
    ...ids,
    cwd: "/",
    env: { PATH: SYSTEM_PATH, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "ignore"],
  })
    .toString()
    .trim();
}

function runs(command: string[], ids: Identity["ids"] = {}): boolean {
  try {
    run(command, ids);
    return true;
  } catch {
    return false;
  }
}
