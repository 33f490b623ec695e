/** Manners of HTTP that hold for every path of the document alike. Each answers with what was not as it should be. */
import type { HostedWorld } from "./hosted_world.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** A path takes what the document says, HEAD where GET is, and names both when it is asked otherwise. */
export async function methodProblems({ wire, plan }: HostedWorld): Promise<string[]> {
  const problems: string[] = [];
  for (const path of new Set(wire.operations.map((operation) => operation.path))) {
    const own = wire.operations.filter((operation) => operation.path === path);
    const url = plan(own[0]!.operationId).url.split("?")[0]!;
    const taken = METHODS.filter((method) =>
      own.some((one) => one.method.toUpperCase() === method || (method === "HEAD" && one.method === "get")),
    );
    const allow = [...taken, "OPTIONS"].sort().join();
    const named = (header: string | undefined) => (header ?? "").split(", ").sort().join();
    const options = await wire.ask({ method: "OPTIONS", url });
    if (options.status !== 204 || named(options.headers.allow) !== allow)
      problems.push(`OPTIONS ${path}: ${options.status} ${options.headers.allow}`);
    const other = METHODS.find((method) => !taken.includes(method))!;
    const refused = await wire.ask({ method: other, url });
    if (refused.status !== 405 || named(refused.headers.allow) !== allow)
      problems.push(`${other} ${path}: ${refused.status} ${refused.headers.allow}`);
  }
  return problems;
}

/** HEAD has the status and headers of GET, and no body. */
export async function headProblems({ wire, send, plan }: HostedWorld): Promise<string[]> {
  const problems: string[] = [];
  for (const { operationId, method, responses } of wire.operations.filter(
    (one) => one.method === "get" && one.responses["200"] !== undefined,
  )) {
    const [get, head] = [await send(plan(operationId)), await send(plan(operationId), "good", { method: "HEAD" })];
    const same = ["content-type", "cache-control"].every((name) => get.headers[name] === head.headers[name]);
    if (head.status !== get.status || head.text !== "" || !same || responses["200"] === undefined)
      problems.push(`${method} ${operationId}: ${get.status} ${head.status}`);
  }
  return problems;
}

/** Public reads may be cached and are not sent twice; nothing that a credential opens is kept by anyone. */
export async function cachingProblems({ wire, send, plan }: HostedWorld): Promise<string[]> {
  const problems: string[] = [];
  for (const operation of wire.operations.filter((one) => one.method === "get" && one.responses["200"] !== undefined)) {
    const { operationId, security } = operation;
    let answer = await send(plan(operationId));
    if (answer.status !== 200) continue;
    const control = answer.headers["cache-control"];
    if (operation["x-b3iq-cache-seconds"] === undefined) {
      if (control !== "no-store" || answer.headers.etag !== undefined) problems.push(`${operationId}: ${control}`);
      continue;
    }
    // These two carry the moment at which they were looked at.
    const moving = ["getNetworkStatus", "getRouteReadiness"].includes(operationId);
    const confirm = () => {
      const known = moving ? "*" : `"another", W/${answer.headers.etag}`;
      return send(plan(operationId), "good", { headers: { "if-none-match": known } });
    };
    let again = await confirm();
    // The chat's receipt may be logged, or a node heard of, between the two.
    for (let tries = 0; tries < 5 && again.status === 200 && again.headers.etag !== answer.headers.etag; tries++) {
      answer = again;
      again = await confirm();
    }
    const changed = await send(plan(operationId), "good", { headers: { "if-none-match": '"another"' } });
    const fits =
      again.status === 304 &&
      again.text === "" &&
      again.headers["content-type"] === undefined &&
      changed.status === 200;
    if (security.length > 0 || !control?.startsWith("public, max-age=") || !fits)
      problems.push(`${operationId}: ${control} ${again.status} ${changed.status} ${again.text}`);
  }
  return problems;
}
