/** An answer of one of our own surfaces that is not a success. `code` is the error catalogue's. */
export class CallError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(operation: string, status: number, code: string, detail: string) {
    super(`${operation} was answered ${status} ${code}${detail === "" ? "" : `: ${detail}`}`);
    this.name = "CallError";
    this.status = status;
    this.code = code;
  }
}

export type Call = <Answer>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
) => Promise<Answer>;

const TIMEOUT_MS = 30_000;

/** A client of one surface: JSON in and out, with `headers` (the credential) in every call. Rejects with CallError. */
export function createCall(base_url: string, headers: Record<string, string>): Call {
  return async (method, path, body) => {
    const response = await fetch(base_url + path, {
      method,
      headers: {
        accept: "application/json",
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const answer = parse(text);
    if (response.ok) return answer as never;
    const error = (answer as { error?: { code?: string; detail?: string; message?: string } } | undefined)?.error;
    throw new CallError(
      `${method} ${path.split("?")[0]}`,
      response.status,
      error?.code ?? "",
      error?.detail ?? error?.message ?? "",
    );
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
