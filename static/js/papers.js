// Keeps working papers: each form is sent a moment after the last key, and stays in this browser until the server has it.
const WAIT = 800;
const AGAIN = 5000;
const key = (form) => `aims-paper:${document.body.dataset.person || ""}:${form.dataset.paper}`;
const fields = (form) => [...form.elements].filter((one) => one.name && !["csrfmiddlewaretoken", "edition"].includes(one.name));
const read = (form) => JSON.stringify(Object.fromEntries(fields(form).map((one) => [one.name, one.value])));

function say(form, words, state) {
  const place = form.querySelector(".paper-state");
  place.textContent = words;
  place.dataset.state = state;
}

async function send(form) {
  const place = form.querySelector(".paper-state");
  const sent = read(form);
  say(form, place.dataset.saving, "saving");
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  } catch {
    say(form, place.dataset.kept, "failed");
    form.again = setTimeout(() => send(form), AGAIN);
    return;
  }
  const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
  if (answer.ok && told.edition) {
    form.elements.edition.value = told.edition;
    if (read(form) === sent) localStorage.removeItem(key(form));
    say(form, told.saved, "saved");
  } else if (answer.status === 412) {
    // Nothing is overwritten: theirs stands above one's own, and the next save keeps both.
    form.elements.edition.value = told.edition;
    if (told.theirs && !form.elements.notes.value.includes(told.theirs)) form.elements.notes.value = `${told.theirs}\n\n${form.elements.notes.value}`;
    localStorage.setItem(key(form), read(form));
    say(form, told.detail, "failed");
  } else {
    say(form, told.detail || place.dataset.kept, "failed");
  }
}

document.querySelectorAll("form[data-paper]").forEach((form) => {
  const held = localStorage.getItem(key(form));
  if (held && held !== read(form)) {
    Object.entries(JSON.parse(held)).forEach(([name, value]) => { if (form.elements[name]) form.elements[name].value = value; });
    send(form);
  }
  form.addEventListener("input", () => {
    localStorage.setItem(key(form), read(form));
    clearTimeout(form.waiting);
    clearTimeout(form.again);
    form.waiting = setTimeout(() => send(form), WAIT);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(form.waiting); send(form); });
});
