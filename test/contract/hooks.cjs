/** Dredd's hooks: credentials and ids of the running system, one success answer of each operation, and a reason for each that is not asked. */
const fs = require("node:fs");
const hooks = require("hooks");

const { operations, report } = JSON.parse(fs.readFileSync(process.env.CONTRACT_DREDD, "utf8"));
const seen = { ran: [], skipped: {} };

const skip = (transaction, why) => {
  transaction.skip = true;
  seen.skipped[why] = (seen.skipped[why] ?? 0) + 1;
};

/** The operation of a transaction: by the template that its path fits. */
const operationOf = ({ request, fullPath }) => {
  const path = fullPath.split("?")[0];
  const fitting = operations.filter((one) => one.method === request.method && new RegExp(one.pattern).test(path));
  return fitting.sort((a, b) => a.pattern.length - b.pattern.length).find((one) => one.path === path) ?? fitting[0];
};

hooks.beforeEach((transaction, done) => {
  const [status, media] = [Number(transaction.expected.statusCode), transaction.expected.headers["Content-Type"]];
  const operation = operationOf(transaction);
  if (status >= 300) skip(transaction, "failures are produced by the error tests");
  else if (!operation) skip(transaction, "no operation fits");
  else if (status !== operation.status) skip(transaction, "another success of the same operation");
  else if (media !== undefined && media !== "application/json") skip(transaction, `${media} has no keys to compare`);
  else if (operation.skip) skip(transaction, operation.skip);
  else {
    // Not the examples of optional headers: some exclude each other.
    transaction.request.headers = {
      "Content-Type": "application/json",
      Accept: "application/json",
      ...operation.headers,
    };
    transaction.fullPath = operation.url;
    transaction.request.uri = operation.url;
    if (operation.body !== undefined) transaction.request.body = JSON.stringify(operation.body);
    seen.ran.push(operation.operation_id);
  }
  done();
});

/** Dredd compares kinds and knows no nullable: where the answer says null, the example may. */
const withNulls = (expected, real) => {
  if (real === null) return null;
  if (typeof expected !== "object" || expected === null || typeof real !== "object") return expected;
  if (Array.isArray(expected))
    return Array.isArray(real)
      ? expected.map((one, index) => (index in real ? withNulls(one, real[index]) : one))
      : expected;
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [name, name in real ? withNulls(value, real[name]) : value]),
  );
};

// The document says application/json; the answer adds a charset. Headers that may be missing are not told from those that must be there;
// the programs themselves check those.
hooks.beforeEachValidation((transaction, done) => {
  const { expected, real } = transaction;
  expected.headers = { "Content-Type": expected.headers["Content-Type"] };
  if (real.body && String(real.statusCode) === String(expected.statusCode)) {
    expected.body = JSON.stringify(withNulls(JSON.parse(expected.body), JSON.parse(real.body)));
  }
  const type = transaction.real.headers["content-type"];
  if (type) transaction.real.headers["content-type"] = type.split(";")[0];
  done();
});

hooks.afterAll((transactions, done) => {
  const failed = transactions
    .filter((one) => one.test && one.test.status === "fail")
    .map((one) => `${one.name}: ${one.test.message ?? ""}`);
  fs.writeFileSync(report, JSON.stringify({ ...seen, failed }));
  done();
});
