// Samples that do the same in several languages become tabs, the reader's language first; every block can be copied. Without scripts they stand one below the other.
const CHOSEN = "b3iq-docs-language";
const groups = [...document.querySelectorAll(".samples")];

function choose(name) {
  for (const group of groups) {
    const tabs = [...group.querySelectorAll('[role="tab"]')];
    const chosen = tabs.find((tab) => tab.textContent === name) ?? tabs.find((tab) => tab.ariaSelected === "true") ?? tabs[0];
    for (const tab of tabs) {
      const selected = tab === chosen;
      tab.ariaSelected = String(selected);
      tab.tabIndex = selected ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !selected;
    }
  }
}

groups.forEach((group, number) => {
  const list = document.createElement("div");
  list.setAttribute("role", "tablist");
  list.ariaLabel = "Language";
  [...group.querySelectorAll("figure")].forEach((figure, at) => {
    const tab = Object.assign(document.createElement("button"), { type: "button", textContent: figure.dataset.tab, id: `tab-${number}-${at}` });
    figure.id = `sample-${number}-${at}`;
    figure.setAttribute("role", "tabpanel");
    figure.setAttribute("aria-labelledby", tab.id);
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", figure.id);
    tab.addEventListener("click", () => {
      const { top } = list.getBoundingClientRect();
      choose(tab.textContent);
      scrollBy(0, list.getBoundingClientRect().top - top); // the other groups change their height too
      try { localStorage.setItem(CHOSEN, tab.textContent); } catch { /* then for this page only */ }
    });
    list.append(tab);
  });
  list.addEventListener("keydown", (event) => {
    const tabs = [...list.children];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next.click();
    next.focus();
  });
  group.prepend(list);
});
let known = null;
try { known = localStorage.getItem(CHOSEN); } catch { /* nothing is remembered */ }
choose(known);

if (navigator.clipboard) {
  for (const figure of document.querySelectorAll("figure.code")) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(figure.querySelector("code").textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    figure.append(button);
  }
}
