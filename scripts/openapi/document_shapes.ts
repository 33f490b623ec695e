/**
 * Shapes that are valid and that generators of clients get wrong: the client does not compile, or it loses null or a
 * number's size. Pure: a bundled document in, sentences out. docs/decisions/0003-contract.md has which generator fails
 * at what.
 */

import { list, type Dict } from "./document_walk.ts";

/** A schema and where it stands; `named` when it is a component. */
type Place = { schema: Dict; at: string; named: boolean };

const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
/** Keywords that hold one schema, a list of them, or schemas by name. Conditions (`if`) shape no type. */
const ONE = ["items", "additionalProperties"];
const LIST = ["anyOf", "oneOf", "allOf"];
const BY_NAME = ["properties", "patternProperties"];
/** Data of the document, which may look like a schema. */
const DATA = ["example", "examples", "default", "enum", "const"];

const isDict = (value: unknown): value is Dict => typeof value === "object" && value !== null && !Array.isArray(value);
const dict = (value: unknown): Dict => (isDict(value) ? value : {});
const typesOf = (schema: Dict): unknown[] => [schema["type"]].flat();
const isNull = (schema: Dict): boolean => schema["type"] === "null" || schema["const"] === null;

/** A schema and every schema inside it. */
function within(value: unknown, at: string, named: boolean): Place[] {
  if (!isDict(value)) return [];
  const inside: [string, unknown][] = [
    ...ONE.map((word): [string, unknown] => [`${at}/${word}`, value[word]]),
    ...LIST.flatMap((word) =>
      list(value[word]).map((one, index): [string, unknown] => [`${at}/${word}/${index}`, one]),
    ),
    ...BY_NAME.flatMap((word) =>
      Object.entries(dict(value[word])).map(([name, one]): [string, unknown] => [`${at}/${name}`, one]),
    ),
  ];
  return [{ schema: value, at, named }, ...inside.flatMap(([place, one]) => within(one, place, false))];
}

/** Every schema of a document: its components, and what parameters, headers and bodies hold. */
function placesOf(value: unknown, at = ""): Place[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => placesOf(one, `${at}/${index}`));
  return Object.entries(dict(value)).flatMap(([word, one]) => {
    if (DATA.includes(word) || word.startsWith("x-")) return [];
    if (word === "schema") return within(one, at, false);
    if (word === "schemas") return Object.entries(dict(one)).flatMap(([name, each]) => within(each, name, true));
    return placesOf(one, `${at}/${word}`);
  });
}

function integerProblem({ schema }: Place): string | undefined {
  if (!typesOf(schema).includes("integer")) return undefined;
  const { format, minimum, maximum } = schema;
  if (format !== "int32" && format !== "int64") return "is an integer without the format int32 or int64";
  const fits = Number(minimum) >= INT32.minimum && Number(maximum) <= INT32.maximum;
  return format === "int32" && !fits ? "is int32 without bounds that fit it" : undefined;
}

const choicesOf = (schema: Dict): unknown[] => [...list(schema["anyOf"]), ...list(schema["oneOf"])];
const mayBeNull = (schema: Dict): boolean =>
  typesOf(schema).includes("null") || choicesOf(schema).some((one) => isNull(dict(one)));

function nullProblem({ schema, named }: Place): string | undefined {
  if (list(schema["enum"]).includes(null)) return "has null in an enum; name the words, and let null stand beside them";
  return named && choicesOf(schema).some((one) => isNull(dict(one)))
    ? "is null by anyOf or oneOf under a name; write a type of two, or null where the name is used"
    : undefined;
}

/** An `allOf` may hold conditions, where nothing beside or in it may be null. */
function joinProblem({ schema, at }: Place): string | undefined {
  const joined = list(schema["allOf"]);
  if (joined.length === 0) return undefined;
  const conditions = joined.every((one) => dict(one)["if"] !== undefined);
  return conditions && !within(schema, at, false).some((place) => mayBeNull(place.schema))
    ? undefined
    : "has an allOf, in which generators lose null; write one flat object";
}

/** An object without a name, or a list of such objects. Texts and lists of texts need no name in any language. */
function isNameless(value: unknown): boolean {
  if (!isDict(value) || value["$ref"] !== undefined) return false;
  const { items } = value;
  return typesOf(value).includes("object") || dict(items)["$ref"] !== undefined || isNameless(items);
}

/** A type with null is a choice too, between null and an unnamed shape: the objects in it must be named. */
function namelessProblem({ schema }: Place): string | undefined {
  const inside = typesOf(schema).includes("null")
    ? [schema["items"], schema["additionalProperties"], ...Object.values(dict(schema["properties"]))]
    : [];
  return [...choicesOf(schema), ...inside].some(isNameless)
    ? "holds an object without a name in a choice; give it a schema of its own"
    : undefined;
}

/** Every such shape in one bundled document, each as a sentence. */
export function shapeProblems(document: Dict): string[] {
  return placesOf(document).flatMap((place) =>
    [integerProblem, nullProblem, joinProblem, namelessProblem]
      .map((rule) => rule(place))
      .filter((problem) => problem !== undefined)
      .map((problem) => `${place.at} ${problem}`),
  );
}
