// Keeps what is typed in this tab until it is saved, so that nothing is lost when the sign-in ends before the form is sent.
const SENT = "aims-sent";
const key = (form) => `aims-draft:${document.body.dataset.person || ""}:${new URL(form.action, location).pathname}:${location.pathname}`;
const kept = (control) => control.name && !["hidden", "password", "file", "submit"].includes(control.type);

function read(form) {
  const held = {};
  [...form.elements].filter(kept).forEach((control) => {
    if (control.type === "checkbox" || control.type === "radio") held[`${control.name}=${control.value}`] = control.checked;
    else if (control.multiple) held[control.name] = [...control.selectedOptions].map((option) => option.value);
    else held[control.name] = control.value;
  });
  return held;
}

function write(form, held) {
  [...form.elements].filter(kept).forEach((control) => {
    const value = held[control.type === "checkbox" || control.type === "radio" ? `${control.name}=${control.value}` : control.name];
    if (value === undefined) return;
    if (typeof value === "boolean") control.checked = value;
    else if (control.multiple && control.options) [...control.options].forEach((option) => { option.selected = value.includes(option.value); });
    else control.value = value;
  });
}

function tell(form, original) {
  const words = document.getElementById("draft-words");
  if (!words) return;
  const note = words.content.firstElementChild.cloneNode(true);
  note.querySelector("button").addEventListener("click", () => { write(form, original); sessionStorage.removeItem(key(form)); note.remove(); });
  form.prepend(note);
}

// What was typed into the form is saved on the server: nothing to keep.
export function forget(form) { sessionStorage.removeItem(key(form)); }

export function startDrafts() {
  const sent = sessionStorage.getItem(SENT);
  const forms = [...document.querySelectorAll("form[data-draft]")];
  // A sent form whose page is left behind was saved; the sign-in page in between does not count.
  if (sent && !document.body.classList.contains("alone") && !forms.some((form) => key(form) === sent)) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem(SENT);
  }
  forms.forEach((form) => {
    const original = read(form);
    const held = sessionStorage.getItem(key(form));
    if (held && !form.querySelector("[data-errors]") && held !== JSON.stringify(original)) { write(form, JSON.parse(held)); tell(form, original); }
    form.addEventListener("input", () => sessionStorage.setItem(key(form), JSON.stringify(read(form))));
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, key(form)));
  });
}
