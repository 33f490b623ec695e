// The playground calls the surface that serves this page, if it is the one that the page describes; no other host is ever asked.
const element = document.querySelector("#reference");
const address = new URL(element.dataset.document, location.href).href;

const described = await (await fetch(address)).json();
const here = await fetch("/openapi.json").then((response) => response.json()).catch(() => undefined);
const servers = here?.info?.title === described.info.title ? { servers: [{ url: location.origin, description: "This surface" }] } : {};

Scalar.createApiReference("#reference", {
  url: address, proxyUrl: "", withDefaultFonts: false, telemetry: false, hideClientButton: true, showDeveloperTools: "never",
  agent: { disabled: true }, mcp: { disabled: true }, persistAuth: false, ...servers,
});
