import { readFileSync } from "node:fs";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ERRORS } from "../../generated/errors.ts";
import { PARAMETERS } from "../../generated/parameters.ts";
import { documentProblems, tableProblems } from "../../scripts/openapi/document_rules.ts";
import { operationsOf } from "../../scripts/openapi/document_walk.ts";
import { withoutStatuses } from "../../scripts/openapi/statuses_of_class.ts";

type Dict = Record<string, unknown>;
type Case = { name: string; schema: unknown; value: unknown };

const readJson = (path: string): Dict => JSON.parse(readFileSync(path, "utf8")) as Dict;
const readYaml = (path: string): Dict => parse(readFileSync(path, "utf8")) as Dict;
const dict = (value: unknown): Dict => (value ?? {}) as Dict;

function at(document: Dict, pointer: string): unknown {
  return pointer
    .slice(2)
    .split("/")
    .reduce<unknown>((value, part) => dict(value)[part.replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

const follow = (document: Dict, value: unknown): Dict => {
  const ref = dict(value)["$ref"];
  return typeof ref === "string" ? dict(at(document, ref)) : dict(value);
};

/** Every example of every body and parameter, with the schema that it must satisfy. */
function casesOf(document: Dict): Case[] {
  return operationsOf(document).flatMap((operation) => {
    const id = String(operation["operationId"]);
    const bodies: [string, Dict][] = [["request", dict(follow(document, operation["requestBody"])["content"])]];
    for (const [status, response] of Object.entries(dict(operation["responses"])))
      bodies.push([status, dict(follow(document, response)["content"])]);
    const ofBodies = bodies.flatMap(([what, content]) =>
      Object.entries(content).flatMap(([media, body]) =>
        Object.entries(dict(dict(body)["examples"])).map(([name, example]) => ({
          name: `${id} ${what} ${media} ${name}`,
          schema: dict(body)["schema"],
          value: follow(document, example)["value"],
        })),
      ),
    );
    const ofParameters = ((operation["parameters"] as unknown[] | undefined) ?? [])
      .map((one) => follow(document, one))
      .filter((one) => one["example"] !== undefined)
      .map((one) => ({ name: `${id} parameter ${String(one["name"])}`, schema: one["schema"], value: one["example"] }));
    return [...ofBodies, ...ofParameters];
  });
}

/** Compiles a schema of the document in its place, so that its references are found. */
function compiler(document: Dict): (schema: unknown) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true, schemas: [{ $id: "document", ...document }] });
  addFormats.default(ajv);
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as Dict);
    compiled.set(text, known);
    return known;
  };
}

/** The error codes that an example names. */
function codesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(codesIn);
  if (typeof value !== "object" || value === null) return [];
  const own = dict(value)["error"];
  const code = dict(own)["code"];
  return [...(typeof code === "string" ? [code] : []), ...Object.values(value).flatMap(codesIn)];
}

const surfaces = { hosted: readJson("generated/hosted.json"), local: readJson("generated/local.json") };
const tables = {
  errors: readYaml("openapi/errors.yaml") as Record<string, Dict>,
  parameters: readYaml("openapi/chat_parameters.yaml") as Record<string, Dict>,
};

describe.each(Object.entries(surfaces))("the %s document", (_surface, document) => {
  const validate = compiler(document);
  const cases = casesOf(document);

  it("keeps our rules", () => {
    expect(
      documentProblems(document, withoutStatuses(readFileSync("docs/decisions/0004-statuses.md", "utf8"))),
    ).toEqual([]);
  });

  it("has examples", () => {
    expect(cases.length).toBeGreaterThan(operationsOf(document).length);
  });

  it.each(cases.map((one) => [one.name, one] as const))("%s satisfies its schema", (_name, { schema, value }) => {
    const check = validate(schema);
    check(value);
    expect(check.errors ?? []).toEqual([]);
  });

  it.each(
    Object.entries(dict(dict(document["components"])["schemas"])).filter(
      ([, schema]) => dict(schema)["example"] !== undefined,
    ),
  )("schema %s accepts its own example", (name, schema) => {
    const check = validate({ $ref: `#/components/schemas/${name}` });
    check(dict(schema)["example"]);
    expect(check.errors ?? []).toEqual([]);
  });

  it("names only codes of the catalogue, each with its own status", () => {
    for (const { name, value } of cases) {
      for (const code of codesIn(value)) {
        expect(Object.keys(ERRORS), name).toContain(code);
        const status = /^\S+ ([45][0-9]{2}) /.exec(name)?.[1];
        if (status) expect(ERRORS[code as keyof typeof ERRORS].status, name).toBe(Number(status));
      }
    }
  });

  it("refuses a request body with an unknown field, except in the chat, which refuses by name", () => {
    for (const operation of operationsOf(document)) {
      const content = dict(dict(follow(document, operation["requestBody"])["content"])["application/json"]);
      const id = String(operation["operationId"]);
      if (content["schema"] === undefined || /ChatCompletion$/.test(id)) continue;
      const example = follow(document, Object.values(dict(content["examples"]))[0])["value"];
      expect(validate(content["schema"])({ ...dict(example), no_such_field: 1 }), id).toBe(false);
    }
  });
});

describe("the tables", () => {
  it("agree with the schemas", () => {
    expect(tableProblems(surfaces.hosted, tables.errors, tables.parameters)).toEqual([]);
  });

  it("give every code the type of its status", () => {
    const types: Record<number, string> = {
      401: "authentication_error",
      402: "insufficient_quota",
      403: "authentication_error",
      404: "not_found_error",
      409: "conflict_error",
      429: "rate_limit_error",
    };
    for (const [code, { status, type }] of Object.entries(ERRORS))
      expect(type, code).toBe(types[status] ?? (status >= 500 ? "api_error" : "invalid_request_error"));
  });

  it("give every parameter a rule, and a capability where it needs one", () => {
    for (const [name, { rule, capability }] of PARAMETERS) {
      expect(["used", "capability", "accepted", "refused"], name).toContain(rule);
      expect(capability === undefined, name).toBe(rule !== "capability");
    }
  });
});

describe("our rules", () => {
  const broken = (change: (operation: Dict) => void): string[] => {
    const document = structuredClone(surfaces.hosted);
    change(dict(dict(dict(document["paths"])["/v1/billing/jobs/{job_id}"])["get"]));
    return documentProblems(document, new Set(["getBillingJob 418"]));
  };

  it.each<[string, (operation: Dict) => void, RegExp]>([
    [
      "a missing 404",
      (operation) => {
        delete dict(operation["responses"])["404"];
      },
      /404 is not documented/,
    ],
    [
      "a status that a decision took away",
      (operation) => {
        dict(operation["responses"])["418"] = {};
      },
      /418 is documented, and/,
    ],
    [
      "a cursor without pages",
      (operation) => {
        (operation["parameters"] as Dict[]).push({
          name: "cursor",
          in: "query",
          example: 1,
          schema: { type: "integer", maximum: 9 },
        });
      },
      /cursor is not where next_cursor is/,
    ],
    [
      "a cached read behind a credential",
      (operation) => {
        operation["x-b3iq-cache-seconds"] = 5;
      },
      /is cached, and not a public read/,
    ],
    [
      "a deprecation without its end",
      (operation) => {
        operation["deprecated"] = true;
      },
      /is deprecated without/,
    ],
    [
      "an operation without a description",
      (operation) => {
        operation["description"] = " ";
      },
      /description is missing/,
    ],
    [
      "a failure that does not say what it costs",
      (operation) => {
        dict(operation["responses"])["404"] = { description: "x", content: {} };
      },
      /404 does not say x-charged/,
    ],
    [
      "the other envelope",
      (operation) => {
        operation["x-b3iq-envelope"] = "openai";
      },
      /is not the shared answer openai_/,
    ],
    [
      "a class left out",
      (operation) => {
        operation["x-b3iq-class"] = ["parameters", "id"];
      },
      /lacks keyed/,
    ],
    [
      "a noun as operationId",
      (operation) => {
        operation["operationId"] = "billingJob";
      },
      /not a verb and a noun/,
    ],
    [
      "a body without example",
      (operation) => {
        delete dict(dict(dict(dict(operation["responses"])["200"])["content"])["application/json"])["examples"];
      },
      /answer 200 application\/json has no named example/,
    ],
    [
      "a text without bound",
      (operation) => {
        (operation["parameters"] as Dict[])[0]!["schema"] = { type: "string" };
      },
      /job_id takes any text/,
    ],
    [
      "a parameter without example",
      (operation) => {
        delete dict((operation["parameters"] as unknown[])[0])["example"];
      },
      /job_id has no example/,
    ],
  ])("find %s", (_what, change, sentence) => {
    expect(broken(change).join("\n")).toMatch(sentence);
  });
});
