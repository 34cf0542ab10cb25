// File fields onto which a file can be dropped or pasted: say what was chosen, and warn before a long upload that would be refused.
const size = (bytes) => new Intl.NumberFormat(document.documentElement.lang, {
  style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1,
}).format(bytes < 1e6 ? bytes / 1e3 : bytes / 1e6);

function tell(zone, input) {
  const said = zone.querySelector("[data-drop-said]");
  const file = input.files[0];
  const large = Boolean(file) && file.size > Number(zone.dataset.most);
  zone.classList.toggle("chosen", Boolean(file));
  zone.classList.toggle("refused", large);
  if (file) said.textContent = large ? zone.dataset.tooLarge : `${file.name}, ${size(file.size)}`;
  input.setCustomValidity(large ? zone.dataset.tooLarge : "");
}

// What was pasted as files: a copied picture or file, else the copied words as a text file.
function pasted(clipboard) {
  if (clipboard.files.length) return clipboard.files;
  const words = clipboard.getData("text/plain");
  if (!words.trim()) return null;
  const made = new DataTransfer();
  made.items.add(new File([words], "pasted.txt", { type: "text/plain" }));
  return made.files;
}

document.querySelectorAll("[data-drop]").forEach((zone) => {
  const input = zone.querySelector("input[type=file]");
  input.addEventListener("change", () => tell(zone, input));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, () => zone.classList.remove("over")));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    tell(zone, input);
  });
  document.addEventListener("paste", (event) => {
    if (event.target.closest("input:not([type=file]), textarea, select, [contenteditable]")) return;
    const files = pasted(event.clipboardData);
    if (!files) return;
    event.preventDefault();
    input.files = files;
    tell(zone, input);
  });
  input.form?.addEventListener("submit", (event) => {
    if (zone.classList.contains("refused")) { event.preventDefault(); event.stopImmediatePropagation(); input.focus(); }
  }, true);
});
