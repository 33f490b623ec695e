// Search over the site's own index, which is fetched at the first key. Without scripts the form stays hidden.
const form = document.querySelector('form[role="search"]');
const input = document.querySelector("#search");
const found = document.querySelector("#found");
const indexUrl = new URL(form.dataset.index, location.href);
let index;

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  found.querySelector("a")?.click();
});
input.addEventListener("input", async () => {
  index ??= fetch(indexUrl).then((response) => response.json());
  show(await index, input.value);
});
form.addEventListener("keydown", (event) => {
  const places = [input, ...found.querySelectorAll("a")];
  const at = places.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    found.replaceChildren();
    input.focus();
  } else if (step !== undefined && at !== -1) {
    event.preventDefault();
    places[Math.max(0, Math.min(places.length - 1, at + step))].focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, [contenteditable]")) return;
  event.preventDefault();
  input.focus();
});
document.addEventListener("click", (event) => {
  if (!form.contains(event.target)) found.replaceChildren();
});

function show(pages, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return found.replaceChildren();
  const hits = pages.map((page) => hit(page, words)).filter(Boolean).sort((left, right) => right.score - left.score).slice(0, 8);
  if (hits.length === 0) {
    const none = document.createElement("li");
    none.textContent = "Nothing found";
    return found.replaceChildren(none);
  }
  found.replaceChildren(...hits.map(({ page, heading }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = new URL(page.url + (heading ? `#${heading[0]}` : ""), indexUrl);
    link.textContent = page.title;
    if (heading) link.append(Object.assign(document.createElement("small"), { textContent: heading[1] }));
    item.append(link);
    return item;
  }));
}

function hit(page, words) {
  const title = page.title.toLowerCase();
  const text = page.text.toLowerCase();
  const heading = page.headings.find(([, line]) => words.every((word) => line.toLowerCase().includes(word)));
  const inTitle = words.every((word) => title.includes(word));
  if (!inTitle && !heading && !words.every((word) => text.includes(word) || title.includes(word))) return undefined;
  return { page, heading: inTitle ? undefined : heading, score: inTitle ? 3 : heading ? 2 : 1 };
}
