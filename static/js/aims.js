// What the pages do in the browser. Every page works without it; this adds keys, menus, the jump box and drafts.
import { startDrafts } from "./drafts.js";
import { startJump } from "./jump.js";
import { startKeys } from "./keys.js";
import { startPickers } from "./picker.js";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function startTheme() {
  const root = document.documentElement;
  const show = () => all("[data-theme-choice]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (root.dataset.theme || "")));
  });
  const choose = (theme) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `aims_theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax${secure}`;
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    show();
  };
  all("[data-theme-choice]").forEach((button) => button.addEventListener("click", () => choose(button.dataset.themeChoice)));
  show();
}

function startMenus() {
  const close = (menu) => { menu.open = false; };
  const open = () => all("details.menu[open]");
  document.addEventListener("click", (event) => open().filter((menu) => !menu.contains(event.target)).forEach(close));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => { close(menu); if (menu.contains(document.activeElement)) menu.querySelector("summary").focus(); });
  });
  all("details.menu").forEach((menu) => menu.addEventListener("toggle", () => {
    if (menu.open) open().filter((other) => other !== menu && !other.contains(menu)).forEach(close);
  }));
}

function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    const dialog = opener && document.getElementById(opener.dataset.open);
    if (dialog) { event.preventDefault(); dialog.showModal(); }
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });
}

function startNavigation() {
  const side = document.getElementById("navigation");
  if (!side) return;
  const toggle = (show) => {
    side.classList.toggle("open", show);
    (show ? side.querySelector("a, button") : document.querySelector(".top [data-nav]"))?.focus();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-nav]")) { event.preventDefault(); toggle(!side.classList.contains("open")); return; }
    if (side.classList.contains("open") && !side.contains(event.target)) toggle(false);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && side.classList.contains("open")) toggle(false); });
}

// A table that fits lets its head stick to the window; one that does not scrolls in its own region.
function startTables() {
  const fit = (region) => {
    region.classList.remove("fits", "scrolls");
    region.classList.add(region.scrollWidth <= region.clientWidth + 1 ? "fits" : "scrolls");
  };
  const watch = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));
  all("[data-table]").forEach((region) => watch.observe(region));
}

function startForms() {
  document.querySelector("[data-errors]")?.focus();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.querySelector("[data-submit]")?.classList.add("busy");
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
}

function pick(select, words) {
  [...select.options].forEach((option) => { option.selected = [option.value, option.text].includes(words); });
}

function setValue(holder, value) {
  all("input, select, textarea", holder).forEach((control) => {
    if (control.type === "hidden") return;
    if (control.type === "checkbox" || control.type === "radio") control.checked = value.split(",").includes(control.value);
    else if (control.options) pick(control, value);
    else control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function startConflicts() {
  all("[data-take]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => setValue(button.closest("[data-conflict]").querySelector(".keep"), button.dataset.take));
  });
}

function startCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy || document.getElementById(button.dataset.copyFrom).textContent);
    const said = button.querySelector("[data-copied]");
    if (said) { said.hidden = false; setTimeout(() => { said.hidden = true; }, 2000); }
  });
}

[startTheme, startMenus, startDialogs, startNavigation, startTables, startForms, startConflicts, startCopying, startJump, startKeys, startPickers, startDrafts]
  .forEach((start) => start());
