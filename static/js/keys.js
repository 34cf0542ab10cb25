// Keyboard shortcuts. Single keys can be switched off in the list under "?"; they never act while one types.
const STORE = "aims-single-keys";
const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");
const visit = (selector) => document.querySelector(selector)?.click();

function open(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  return Boolean(dialog);
}

function moveRow(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("cursor"));
  rows[at]?.classList.remove("cursor");
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  row.classList.add("cursor");
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("a")?.focus({ preventScroll: true });
}

// In a grid: the same field of the next or previous row.
function moveCell(from, step) {
  const cell = from.closest(".editable td, .editable th");
  const rows = [...document.querySelectorAll(".editable [data-row]")];
  const row = rows[rows.indexOf(cell?.parentElement) + step];
  const field = row?.cells[cell.cellIndex]?.querySelector("input:not([type=hidden]), select, textarea");
  field?.focus();
  return Boolean(field);
}

const single = {
  "/": () => open("jump"),
  "?": () => open("keys"),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  o: () => visit("[data-row].cursor a"),
  f: () => document.querySelector("[data-register-search] input[type=search]")?.focus(),
  e: () => visit('[data-key="e"]'),
  n: () => visit('[data-key="n"]'),
};

export function startKeys() {
  let went = 0;
  const toggle = document.querySelector("[data-keys-toggle]");
  const allowed = () => localStorage.getItem(STORE) !== "off";
  if (toggle) {
    toggle.checked = allowed();
    toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { if (open("jump")) event.preventDefault(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.target.closest("form")?.requestSubmit(); return; }
    if ((event.ctrlKey || event.metaKey) && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (moveCell(event.target, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !allowed()) return;
    if (event.key === "g") { went = event.timeStamp; return; }
    if (event.key === "h" && event.timeStamp - went < 1200) { location.assign("/"); return; }
    const act = single[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}
