// The playground calls the surface that serves this page, if it is the one that the page describes; no other host is ever asked.
const element = document.querySelector("#reference");
const address = new URL(element.dataset.document, location.href).href;

const described = await (await fetch(address)).json();
const here = await fetch("/openapi.json").then((response) => response.json()).catch(() => undefined);
const isHere = here?.info?.title === described.info.title;
const credential = ["gatewayKey", "localKey"].find((name) => name in described.components.securitySchemes);
if (!isHere) {
  const note = Object.assign(document.createElement("p"), { className: "note" });
  note.textContent = `Operations can be tried where they are served: open /docs of your own ${described.info.title.replace("B3IQ ", "")}, such as ${described.servers[0].url}/docs.`;
  element.before(note);
}

Scalar.createApiReference("#reference", {
  url: address, proxyUrl: "", withDefaultFonts: false, telemetry: false, hideClientButton: true, showDeveloperTools: "never",
  agent: { disabled: true }, mcp: { disabled: true }, persistAuth: false, hideModels: true, hideTestRequestButton: !isHere,
  // A key does not belong on a command line, where Scalar's line for curl would have it; the guides show the safe way.
  hiddenClients: { shell: true }, defaultHttpClient: { targetKey: "js", clientKey: "fetch" },
  authentication: { preferredSecurityScheme: credential }, ...(isHere ? { servers: [{ url: location.origin, description: "This surface" }] } : {}),
});
