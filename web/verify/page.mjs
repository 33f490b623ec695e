/** The page around verify.mjs: takes hashes, files and pasted texts, and shows each step. */
import { fetchReceipt, joinAnswer, verifyFiles } from "/verify/verify.mjs";

const byId = (id) => document.getElementById(id);
const results = byId("results");
const BYTES_MAX = 64 * 1024 * 1024;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function show({ reports }) {
  results.replaceChildren(
    ...reports.map(({ subject, ok, steps }) => {
      const report = element("article", `report ${ok ? "ok" : "bad"}`);
      const open = steps.filter((step) => step.ok === null).length;
      report.append(heading(subject));
      report.append(
        element(
          "p",
          "verdict",
          !ok ? "Not valid" : open > 0 ? `Valid, as far as it was checked (${open} not checked)` : "Valid",
        ),
      );
      const list = element("ul");
      for (const step of steps) {
        const kind = step.ok === null ? "skip" : step.ok ? "pass" : "fail";
        const item = element("li", kind);
        item.append(
          element("span", "mark", { pass: "✓ Pass", fail: "✗ Fail", skip: "– Not checked" }[kind]),
          element("span", "", step.name),
        );
        if (step.detail) item.append(element("span", "detail", step.detail));
        list.append(item);
      }
      report.append(list);
      return report;
    }),
  );
  results.scrollIntoView({ block: "nearest" });
}

/** A hash in a heading is not bold, so that the verdict stands out. */
function heading(subject) {
  const [, words, hash] = /^(.*?) ?([0-9a-f]{64})?$/.exec(subject);
  const made = element("h2", "", hash === undefined ? subject : `${words} `);
  if (hash !== undefined) made.append(element("code", "", hash));
  return made;
}

const failed = (subject, name, detail) =>
  show({ reports: [{ subject, ok: false, steps: [{ name, ok: false, detail }] }] });

/** Runs one check at a time: clears the last verdict first, and shows errors as well. */
async function run(subject, work) {
  results.replaceChildren(element("p", "help", "Checking …"));
  const buttons = [...document.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    show(await work());
  } catch (error) {
    failed(subject, "The check could be made", error.message);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

const given = () => {
  const log_key = byId("log-key").value.trim();
  return log_key === "" ? {} : { log_key };
};

async function lookUp(hash, more = []) {
  const options = given();
  return verifyFiles([...(await fetchReceipt(location.origin, hash, options)), ...more], options);
}

byId("lookup").addEventListener("submit", (event) => {
  event.preventDefault();
  const hash = byId("hash").value.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hash))
    return failed("Receipt", "It is a receipt hash", "a receipt hash has 64 hexadecimal characters");
  history.replaceState(null, "", `#${hash}`);
  run(`Receipt ${hash}`, () => lookUp(hash));
});

async function takeFiles(list) {
  const files = [...list];
  if (files.length === 0) return;
  if (files.reduce((sum, file) => sum + file.size, 0) > BYTES_MAX)
    return failed("Files", "They can be read", "together they are larger than 64 MiB");
  await run("Files", async () => {
    const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
    const options = given();
    const key = options.log_key
      ? null
      : await fetch("/v1/log/key", { redirect: "error" }).then(
          (response) => (response.ok ? response.text() : null),
          () => null,
        );
    return verifyFiles(key ? [...texts, { name: "key", text: key }] : texts, options);
  });
}

byId("choose").addEventListener("click", () => byId("files").click());
byId("files").addEventListener("change", ({ target }) =>
  takeFiles(target.files).finally(() => {
    target.value = "";
  }),
);
for (const type of ["dragenter", "dragover"])
  document.addEventListener(type, (event) => {
    event.preventDefault();
    byId("drop").classList.add("over");
  });
for (const type of ["dragleave", "drop"])
  document.addEventListener(type, (event) => {
    event.preventDefault();
    if (type === "drop" || event.relatedTarget === null) byId("drop").classList.remove("over");
  });
document.addEventListener("drop", ({ dataTransfer }) => takeFiles(dataTransfer.files));

byId("copy").addEventListener("submit", (event) => {
  event.preventDefault();
  run("Your copy of the chat", async () => {
    const answer = byId("answer").value;
    const isStream = answer.trimStart().startsWith("data: ");
    const parsed = JSON.parse(byId("request").value);
    const request = Array.isArray(parsed) ? { messages: parsed } : parsed;
    const { receipt_hash } = joinAnswer(isStream ? answer : JSON.parse(answer));
    if (!receipt_hash) throw new Error("the answer names no receipt: it has no b3iq.receipt_hash");
    return lookUp(receipt_hash, [
      { name: "request", text: JSON.stringify(request) },
      { name: "answer", text: answer },
    ]);
  });
});

const start = location.hash.slice(1);
if (/^[0-9a-f]{64}$/.test(start)) {
  byId("hash").value = start;
  run(`Receipt ${start}`, () => lookUp(start));
}
