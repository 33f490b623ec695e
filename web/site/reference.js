// The playground calls the surface that serves this page, if it is the one that the page describes; no other host is ever asked.
const element = document.querySelector("#reference");
const address = new URL(element.dataset.document, location.href).href;

const described = await (await fetch(address)).json();
const here = await fetch("/openapi.json").then((response) => response.json()).catch(() => undefined);
const isHere = here?.info?.title === described.info.title;
const credential = ["gatewayKey", "localKey"].find((name) => name in (described.components?.securitySchemes ?? {}));
// Scalar sends every example. What a call can do without is sent when the reader ticks it: an example of a header, filter or cursor
// belongs to nobody's call, and a fixed Idempotency-Key is good once.
for (const operation of Object.values(described.paths).flatMap((path) => Object.values(path))) {
  operation.parameters = (operation.parameters ?? []).map((given) => optional(resolved(given)));
}

function resolved(given) {
  return given.$ref === undefined ? given : given.$ref.slice(2).split("/").reduce((part, name) => part[name], described);
}

function optional({ example, ...parameter }) {
  if (parameter.required) return { ...parameter, ...(example === undefined ? {} : { example }) };
  return { ...parameter, examples: { default: { value: example, "x-disabled": true } } };
}

if (!isHere) {
  const note = Object.assign(document.createElement("p"), { className: "note" });
  note.textContent = `Operations can be tried where they are served: open /docs of your own ${described.info.title.replace("B3IQ ", "")}, such as ${described.servers[0].url}/docs.`;
  element.before(note);
}

Scalar.createApiReference("#reference", {
  content: described, proxyUrl: "", withDefaultFonts: false, telemetry: false, hideClientButton: true, showDeveloperTools: "never",
  agent: { disabled: true }, mcp: { disabled: true }, persistAuth: false, hideModels: true, hideTestRequestButton: !isHere,
  // A key does not belong on a command line, where Scalar's line for curl would have it; the guides show the safe way.
  hiddenClients: { shell: true }, defaultHttpClient: { targetKey: "js", clientKey: "fetch" },
  authentication: { preferredSecurityScheme: credential }, ...(isHere ? { servers: [{ url: location.origin, description: "This surface" }] } : {}),
});
