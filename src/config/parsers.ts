import * as net from "node:net";
import * as path from "node:path";
import { isId, type IdPrefix } from "../core/protocol/bytes/ids.ts";
import { parseVerifierKey, type NoteKey } from "../core/protocol/log/note.ts";

/** One setting: its environment name, its allowed values, its purpose. The pages of settings are made from this. */
export type Setting<Value> = {
  name: `B3IQ_${string}` | "HTTPS_PROXY" | "HTTP_PROXY" | "NO_PROXY" | "OTEL_EXPORTER_OTLP_ENDPOINT";
  about: string;
  /** The end of the sentence "allowed: ...". */
  allowed: string;
  /** The default as text; null when the default is no text, or depends on another setting. */
  default: string | null;
  /** Throws anything when the text is not allowed. */
  parse(text: string): Value;
  /** The value when neither the environment nor `default` gives a text. */
  absent: Value;
  /** True when no message may quote the value. */
  secret?: boolean;
};

type Basics = {
  name: `B3IQ_${string}` | "HTTPS_PROXY" | "HTTP_PROXY" | "NO_PROXY" | "OTEL_EXPORTER_OTLP_ENDPOINT";
  about: string;
};

export type ListenAddress = { host: string; port: number };

/** Bad configuration: one line with the setting, the found value and the allowed ones; the program ends with 2. */
export class ConfigError extends Error {
  readonly setting: string;

  constructor(setting: string, found: string, allowed: string) {
    super(`${setting}: found ${found}, allowed: ${allowed}`);
    this.name = "ConfigError";
    this.setting = setting;
  }
}

/** A name that looks like a setting and is none: ignoring it would silently keep the default. */
export class MisspeltSetting extends ConfigError {
  constructor(misspelt: readonly { name: string; nearest: string | undefined }[]) {
    super(misspelt[0]!.name, "", "");
    const parts = misspelt.map(
      ({ name, nearest }) =>
        `${name} is not a setting of B3IQ${nearest === undefined ? "." : `; did you mean ${nearest}?`}`,
    );
    this.message = `${parts.join(" ")} To see all settings, run: b3iq-gateway settings (or b3iq-host settings)`;
  }
}

export function wholeNumber(basics: Basics, fallback: number, least: number, most: number): Setting<number> {
  return {
    ...basics,
    allowed: `a whole number from ${least} to ${most}`,
    default: String(fallback),
    absent: fallback,
    parse(text) {
      const value = Number(text);
      if (!/^\d+$/.test(text) || value < least || value > most) throw new Error();
      return value;
    },
  };
}

/** An amount in wei: a decimal whole number up to 78 digits. */
export function wei(basics: Basics, fallback: bigint): Setting<bigint> {
  return {
    ...basics,
    allowed: "a whole number of wei, at most 78 digits",
    default: String(fallback),
    absent: fallback,
    parse(text) {
      if (!/^\d{1,78}$/.test(text)) throw new Error();
      return BigInt(text);
    },
  };
}

export function yesOrNo(basics: Basics, fallback: boolean): Setting<boolean> {
  return {
    ...basics,
    allowed: "1 (yes) or 0 (no)",
    default: fallback ? "1" : "0",
    absent: fallback,
    parse(text) {
      if (text !== "0" && text !== "1") throw new Error();
      return text === "1";
    },
  };
}

export function oneOf<Value extends string>(
  basics: Basics,
  fallback: Value | null,
  values: readonly Value[],
): Setting<Value | null> {
  return {
    ...basics,
    allowed: `one of ${values.join(", ")}`,
    default: fallback,
    absent: fallback,
    parse(text) {
      if (!values.includes(text as Value)) throw new Error();
      return text as Value;
    },
  };
}

export function filePath(basics: Basics): Setting<string | null> {
  return {
    ...basics,
    allowed: "a path",
    default: null,
    absent: null,
    parse(text) {
      if (text.includes("\0")) throw new Error();
      return path.resolve(text);
    },
  };
}

export function anyText(basics: Basics): Setting<string | null> {
  return { ...basics, allowed: "any text", default: null, absent: null, parse: (text) => text };
}

/** `host:port`, `[v6]:port`; port 0 takes a free one. */
export function listenAddress(basics: Basics, fallback: string | null): Setting<ListenAddress | null> {
  const parse = (text: string): ListenAddress => {
    const [, v6, host, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text) ?? [];
    if (Number(port) > 65_535 || port === undefined || (v6 !== undefined && !net.isIPv6(v6))) throw new Error();
    return { host: v6 ?? host!, port: Number(port) };
  };
  return { ...basics, allowed: "host:port, such as 127.0.0.1:8830", default: fallback, absent: null, parse };
}

/** An http or https URL without user, query and fragment; the value has no closing slash. */
export function webUrl(basics: Basics): Setting<string | null> {
  return {
    ...basics,
    allowed: "an http or https URL without user, query and fragment",
    default: null,
    absent: null,
    parse(text) {
      const url = new URL(text);
      if (!["http:", "https:"].includes(url.protocol) || url.username || url.password || url.search || url.hash)
        throw new Error();
      return url.href.replace(/\/+$/, "");
    },
  };
}

export function identifier(prefix: IdPrefix, basics: Basics): Setting<string | null> {
  return {
    ...basics,
    allowed: `an id that begins with ${prefix}_`,
    default: null,
    absent: null,
    parse(text) {
      if (!isId(prefix, text)) throw new Error();
      return text;
    },
  };
}

export function databaseAddress(basics: Basics): Setting<string | null> {
  return {
    ...basics,
    allowed: "a URL such as postgresql://user@host:5432/database, of a Postgres 15 or newer",
    default: null,
    absent: null,
    secret: true,
    parse(text) {
      if (!["postgres:", "postgresql:"].includes(new URL(text).protocol)) throw new Error();
      return text;
    },
  };
}

/** Networks separated by commas, each read as `address/prefix`; a bare address is a network of one address. */
export function networks(basics: Basics): Setting<string[]> {
  return {
    ...basics,
    allowed: "networks separated by commas, such as 10.0.0.0/8,::1/128",
    default: null,
    absent: [],
    parse: (text) =>
      text.split(",").map((part) => {
        const [address = "", prefix, ...rest] = part.trim().split("/");
        const version = net.isIP(address);
        const longest = version === 4 ? 32 : 128;
        if (
          version === 0 ||
          rest.length > 0 ||
          (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > longest))
        )
          throw new Error();
        return `${address}/${prefix ?? longest}`;
      }),
  };
}

/** Origins separated by commas, or `*`. */
export function origins(basics: Basics): Setting<string[]> {
  return {
    ...basics,
    allowed: "origins separated by commas, such as https://app.example.com, or *",
    default: null,
    absent: [],
    parse: (text) =>
      text.split(",").map((part) => {
        const origin = part.trim();
        if (origin !== "*" && new URL(origin).origin !== origin) throw new Error();
        return origin;
      }),
  };
}

export type WitnessSetting = { key: NoteKey; url: string };

/**
 * Witnesses separated by commas, each its key as signed notes write it, a space, and the address before
 * `/add-checkpoint`.
 */
export function witnesses(basics: Basics): Setting<WitnessSetting[]> {
  return {
    ...basics,
    allowed: "witnesses separated by commas, each name+id+key of a cosigner, a space and an http or https URL",
    default: null,
    absent: [],
    parse: (text) =>
      text.split(",").map((part) => {
        const [vkey = "", address = "", ...rest] = part.trim().split(/ +/);
        const key = parseVerifierKey(vkey);
        const url = new URL(address);
        if (
          rest.length > 0 ||
          key.type !== 4 ||
          !["http:", "https:"].includes(url.protocol) ||
          url.username ||
          url.password ||
          url.search ||
          url.hash
        )
          throw new Error();
        return { key, url: url.href.replace(/\/+$/, "") };
      }),
  };
}
