/**
 * Who may know whom (docs/architecture.md): openapi -> generated -> handlers -> core -> store, and mains -> surface -> handlers.
 * Each rule is one sentence.
 */

/** A rule: files that match `from` must not import what matches `to`. */
const forbid = (name, comment, from, to, options = {}) => ({
  name,
  comment,
  severity: "error",
  from: typeof from === "string" ? { path: from } : from,
  to: typeof to === "string" ? { path: to } : to,
  ...options,
});

const PACKAGES = (...names) => `(^|/)node_modules/(${names.join("|")})(/|$)`;
/**
 * The rooms of src/core/gateway, files and folders, the lowest first, each with what it is for: a room imports only
 * rooms that come earlier in this list, types included.
 */
const ROOMS = [
  ["page", "Pages of lists"],
  ["database_failure", "The error of a database that is away"],
  ["not_found", "The error of a row that is not there"],
  ["gateway_lease", "The lifetime of a gateway's lease"],
  ["control", "The copy of prices, incidents and benchmarks"],
  ["audit", "The audit log"],
  ["nodes", "The registry, the tunnels and the commands of nodes"],
  ["prices", "Prices of models"],
  ["payouts", "Payout batches"],
  ["billing", "The ledger"],
  ["keys", "Keys of customers and admins"],
  ["customers", "Customers"],
  ["incidents", "Incidents"],
  ["readiness", "The gateway's own readiness"],
  ["chat_call", "The types of a chat's call and answer"],
  ["node_calls", "Calls to the agents of nodes"],
  ["routing", "The choice of a node"],
  ["receipts", "Receipts and the transparency log"],
  ["network", "The views of the network"],
  ["private_jobs", "Private jobs"],
  ["token_audit", "The audit of sampled token counts"],
  ["tracing", "Spans of chats"],
  ["chat", "Chats"],
  ["assembly", "The assembly of the core's parts"],
  ["core", "The core"],
];
const roomPath = (names) => `^src/core/gateway/(?:${names.join("|")})(?:/|\\.ts$)`;
const floors = ROOMS.slice(0, -1).map(([name, what], at) =>
  forbid(
    `floor-of-${name}`,
    `${what}: imports no room that comes later in ROOMS, types included.`,
    roomPath([name]),
    roomPath(ROOMS.slice(at + 1).map(([other]) => other)),
  ),
);

const MAINS = "^src/(gateway|host)\\.ts$";

module.exports = {
  forbidden: [
    forbid("no-circular", "Nothing depends on itself in a circle (types aside).", {}, {
      circular: true,
      viaOnly: { dependencyTypesNot: ["type-only"] },
    }),
    forbid("no-unresolvable", "Every import is found.", {}, { couldNotResolve: true }),
    forbid("sources-know-no-tests", "Sources import nothing of test/, bench/ or scripts/.", "^src/", "^(test|bench|scripts)/"),
    forbid("sources-use-no-dev-packages", "Sources import only packages that are installed with the product.", "^src/", {
      dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
      dependencyTypesNot: ["type-only"],
    }),
    forbid("generated-knows-nobody", "What is generated imports nothing of ours.", "^generated/", "^(src|test|scripts|bench)/"),
    forbid("core-knows-no-handlers", "Core never imports a handler, the surface or a main.", "^src/core/", "^src/(handlers|surface|cli|gateway\\.ts|host\\.ts)"),
    forbid("core-knows-no-http-server", "Core never imports express or openapi-backend.", "^src/core/", PACKAGES("express", "openapi-backend", "find-my-way")),
    forbid("core-takes-types-and-tables-of-generated", "Core takes types, the catalogue and the parameter table of generated/, never a bundle.", "^src/core/", "^generated/.*\\.json$"),
    forbid("handlers-know-only-core", "Handlers import no store, tunnel, surface or main.", "^src/handlers/", "^src/(store|tunnel|surface|cli|gateway\\.ts|host\\.ts)"),
    forbid("handlers-speak-to-nobody", "Handlers import no undici, knex or pg.", "^src/handlers/", PACKAGES("undici", "knex", "pg", "express", "openapi-backend")),
    forbid("hosted-handlers-know-no-host", "Hosted handlers import nothing of the host agent.", "^src/handlers/hosted/", "^src/(core/host|handlers/local)/"),
    forbid("local-handlers-know-no-gateway", "Local handlers import nothing of the gateway.", "^src/handlers/local/", "^src/(core/gateway|handlers/hosted)/"),
    forbid("protocol-imports-nothing-of-ours", "core/protocol imports nothing of ours.", "^src/core/protocol/", { path: "^(src|generated)/", pathNot: "^src/core/protocol/" }),
    forbid("protocol-is-pure", "core/protocol uses node:crypto, Buffer and @noble, and no other package.", "^src/core/protocol/", {
      dependencyTypes: ["core", "npm", "npm-optional", "npm-dev"],
      pathNot: ["^(node:)?(crypto|buffer)$", "(^|/)node_modules/@noble/"],
    }),
    forbid("gateway-core-knows-no-host", "The gateway's core imports nothing of the host agent's, nor its store.", "^src/core/gateway/", "^src/(core/host|store/sqlite)/"),
    forbid("host-core-knows-no-gateway", "The host agent's core imports nothing of the gateway's, nor its store.", "^src/core/host/", "^src/(core/gateway|store/postgres)/"),
    forbid("host-never-reaches-postgres", "host.ts never reaches pg or knex.", { path: "^src/host\\.ts$" }, {
      path: PACKAGES("pg", "knex"),
      reachable: true,
    }),
    forbid("store-is-the-bottom", "The store imports no handler, surface or tunnel, and of core only types and pure parts.", "^src/store/", "^src/(handlers|surface|tunnel|cli|gateway\\.ts|host\\.ts)"),
    forbid("only-postgres-store-knows-pg", "Only store/postgres imports pg and knex.", { path: "^src/", pathNot: "^src/store/postgres/" }, {
      path: PACKAGES("pg", "knex"),
      dependencyTypesNot: ["type-only"],
    }),
    forbid("the-package-takes-types-of-the-agent", "packages/llama-cpp imports types of src/ and nothing else of ours.", "^packages/llama-cpp/", {
      path: "^(src|generated|test|scripts|bench)/",
      dependencyTypesNot: ["type-only"],
    }),
    forbid("only-messages-and-installation-of-the-package", "Sources import the messages of packages/llama-cpp and its installation, never its engine.", "^src/", {
      path: "^packages/llama-cpp/",
      pathNot: "^packages/llama-cpp/(messages|install)\\.ts$",
      dependencyTypesNot: ["type-only"],
    }),
    forbid("tunnel-knows-nobody-above", "The tunnel imports no handler, surface, store or main.", "^src/tunnel/", "^src/(handlers|surface|store|cli|gateway\\.ts|host\\.ts)"),
    forbid("only-surface-knows-express", "Only src/surface imports express and openapi-backend.", { path: "^src/", pathNot: "^src/surface/" }, PACKAGES("express", "openapi-backend")),
    forbid("surface-knows-no-core-but-errors", "The surface imports no store, tunnel or domain: of core only errors and their envelope, event streams, logs, metrics and protocol.", "^src/surface/", {
      path: "^src/(store|tunnel|cli|core)/",
      pathNot: "^src/core/(errors|error_envelope|event_stream|log|metrics)\\.ts$|^src/core/protocol/",
      dependencyTypesNot: ["type-only"],
    }),
    forbid("surface-knows-no-handlers-but-their-types", "The surface is given its handlers; it imports only handlers/operation.ts.", "^src/surface/", {
      path: "^src/handlers/",
      pathNot: "^src/handlers/operation\\.ts$",
      dependencyTypesNot: ["type-only"],
    }),
    forbid("mains-are-started-not-imported", "Only cli/ imports the mains.", { path: "^src/", pathNot: `^src/cli/|${MAINS}` }, MAINS),
    forbid("only-the-assembly-makes-the-ledger-writer", "Only assembly/ledger_part.ts makes the ledger's writer; the files that hold or settle are given it (the lint rule hold-and-settle names them).", {
      path: "^src/",
      pathNot: ["^src/core/gateway/billing/", "^src/core/gateway/assembly/ledger_part\\.ts$"],
    }, { path: "^src/core/gateway/billing/(writer|queue|commit|decide|holds|settlement)\\.ts$", dependencyTypesNot: ["type-only"] }),
    ...floors,
    forbid("every-room-has-a-floor", "Each file of src/core/gateway belongs to a room of ROOMS.", {
      path: "^src/core/gateway/",
      pathNot: roomPath(ROOMS.map(([name]) => name)),
    }, ".*"),
    forbid("rooms-have-no-circle", "The rooms of the gateway's core depend on nothing in a circle, types included.", "^src/core/gateway/", { circular: true }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"], exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
    moduleSystems: ["es6", "cjs"],
    exoticRequireStrings: [],
  },
};
