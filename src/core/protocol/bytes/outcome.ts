/** The result of a check: the value, or a stable code and a sentence that names the rule and never the data. */
export type Outcome<Value, Code extends string> = { ok: true; value: Value } | Failure<Code>;

export type Failure<Code extends string> = { ok: false; code: Code; reason: string };

export function success<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function failure<Code extends string>(code: Code, reason: string): Failure<Code> {
  return { ok: false, code, reason };
}

/** Thrown for bytes, keys or values that do not have the protocol's form; the message contains no data. */
export class FormatError extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.name = "FormatError";
    this.kind = kind;
  }
}
