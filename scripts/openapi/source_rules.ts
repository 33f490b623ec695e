/**
 * Rules of the files below `openapi/`: an operation is read in the folder of its tag and in `common/`, each name stands
 * once, and nothing stands there that `make generate` adds or that no operation uses.
 */
import { dict, operationsOf, type Dict } from "./document_walk.ts";
import { followingStatuses } from "./statuses_of_class.ts";

/** A file, by its path below `openapi/` (`chat/schemas.yaml`), and its content by name. */
export type Sources = Record<string, Dict>;

const COMMON = "common";
/** Files of paths hold `/v1/...`; `local_paths.yaml` stands where both surfaces have operations of a tag. */
const PATHS = ["paths.yaml", "local_paths.yaml"];
const OF_A_TAG = [...PATHS, "schemas.yaml", "examples.yaml"];
/** The kind of component by the file's name; every other file of `common/` contains schemas. */
const KINDS = ["examples", "headers", "parameters", "responses"];

const split = (file: string): [string, string] => file.split("/") as [string, string];

/** Every `$ref` to another file, as that file's path below `openapi/`. */
function filesNamed(value: unknown, folder: string): string[] {
  return Object.entries(dict(value)).flatMap(([word, one]) => {
    if (word !== "$ref" || typeof one !== "string") return filesNamed(one, folder);
    const [file] = one.split("#");
    return file ? [new URL(file, `file:///${folder}/`).pathname.slice(1)] : [];
  });
}

function folderProblems(file: string, content: Dict): string[] {
  const [folder, name] = split(file);
  const foreign = new Set(filesNamed(content, folder).filter((one) => ![folder, COMMON].includes(split(one)[0])));
  return [
    ...(folder === COMMON || OF_A_TAG.includes(name) ? [] : [`is not one of ${OF_A_TAG.join(", ")}`]),
    ...[...foreign].map((one) => `refers to ${one}; what several tags use stands in ${COMMON}/`),
  ];
}

function operationProblems(file: string, content: Dict, without: ReadonlySet<string>): string[] {
  const [folder] = split(file);
  return operationsOf({ paths: content }).flatMap((operation) => {
    const id = String(operation["operationId"]);
    const typed = Object.keys(dict(operation["responses"])).map(Number);
    const following = followingStatuses(operation, without).filter((status) => typed.includes(status));
    return [
      ...(dict(operation["tags"])[0] === folder ? [] : [`${id} has another tag than ${folder}`]),
      ...following.map((status) => `${id} has ${status}, which make generate adds`),
    ];
  });
}

/** A name in two files would get a second name in the bundle; one that no bundle has is used by no operation. */
function nameProblems(sources: Sources, bundles: Dict[]): string[] {
  const homes = new Map<string, string>();
  return Object.entries(sources).flatMap(([file, content]) => {
    const [, name] = split(file);
    if (PATHS.includes(name)) return [];
    const kind = KINDS.find((one) => name === `${one}.yaml`) ?? "schemas";
    return Object.keys(content).flatMap((entry) => {
      const other = homes.get(`${kind} ${entry}`);
      homes.set(`${kind} ${entry}`, file);
      const used = bundles.some((bundle) => Object.hasOwn(dict(dict(bundle["components"])[kind]), entry));
      return [
        ...(other === undefined ? [] : [`openapi/${file}: ${entry} stands in openapi/${other} too`]),
        ...(used ? [] : [`openapi/${file}: no operation uses ${entry}`]),
      ];
    });
  });
}

/** Every breach in the files of tags and in `common/`, each as a sentence. */
export function sourceProblems(sources: Sources, bundles: Dict[], without: ReadonlySet<string>): string[] {
  const problems = Object.entries(sources).flatMap(([file, content]) =>
    [
      ...folderProblems(file, content),
      ...(PATHS.includes(split(file)[1]) ? operationProblems(file, content, without) : []),
    ].map((problem) => `openapi/${file}: ${problem}`),
  );
  return [...problems, ...nameProblems(sources, bundles)];
}
