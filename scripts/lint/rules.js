/** Rules of ours for eslint: money is never a number, and only two places hold and settle. */

const NAME = /(_wei|Wei)$/;

/** @returns the last name of `balance_wei`, `hold.amount_wei`, `row["amount_wei"]`, `x_wei!`, or undefined */
function lastName(node) {
  switch (node?.type) {
    case "Identifier":
      return node.name;
    case "MemberExpression":
      return node.computed
        ? typeof node.property.value === "string"
          ? node.property.value
          : undefined
        : node.property.name;
    case "ChainExpression":
    case "TSNonNullExpression":
    case "TSAsExpression":
      return lastName(node.expression);
    case "CallExpression":
      return node.callee.type === "MemberExpression" && node.callee.property.name === "toString"
        ? lastName(node.callee.object)
        : undefined;
    default:
      return undefined;
  }
}

const isWei = (node) => NAME.test(lastName(node) ?? "");

const weiIsNoNumber = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      number:
        "{{name}} is wei: keep it a bigint, or a decimal string on the wire; a number loses digits (docs/design/money.md).",
    },
  },
  create(context) {
    const report = (node, argument) =>
      context.report({ node, messageId: "number", data: { name: lastName(argument) } });
    const NUMERIC = new Set(["Number", "parseInt", "parseFloat"]);
    return {
      CallExpression(node) {
        const callee =
          node.callee.type === "MemberExpression" && node.callee.object.name === "Number"
            ? node.callee.property.name
            : node.callee.name;
        if (NUMERIC.has(callee) && isWei(node.arguments[0])) report(node, node.arguments[0]);
      },
      UnaryExpression(node) {
        if (node.operator === "+" && isWei(node.argument)) report(node, node.argument);
      },
    };
  },
};

/** Holds are taken and settled by the steps of a chat or private job, and a receipt from an outbox by its submission. */
const PLACES = {
  hold: /\/core\/gateway\/(billing\/.*|chat\/admit|private_jobs\/job_create)\.ts$/,
  settle: /\/core\/gateway\/(billing\/.*|chat\/settle|private_jobs\/job_settle|receipts\/submission)\.ts$/,
};

const holdAndSettle = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      place: "A {{kind}} is written by the steps of a chat or private job only (docs/design/index.md, Layout).",
    },
  },
  create(context) {
    const file = context.filename.replaceAll("\\", "/");
    return {
      ObjectExpression(node) {
        const named = (name) => node.properties.find((one) => one.type === "Property" && one.key.name === name);
        const kind = named("kind")?.value?.value;
        if (!named("operation_id") || !Object.hasOwn(PLACES, kind) || PLACES[kind].test(file)) return;
        context.report({ node, messageId: "place", data: { kind } });
      },
    };
  },
};

export default { rules: { "wei-is-no-number": weiIsNoNumber, "hold-and-settle": holdAndSettle } };
