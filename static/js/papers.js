// Keeps working papers: each form is sent a moment after the last key, and stays in this browser until the server has it.
const WAIT = 800;
const AGAIN = 5000;
const JOINED = ["notes", "evidence_seen"];
const key = (form) => `aims-paper:${document.body.dataset.person || ""}:${form.dataset.paper}`;
const fields = (form) => [...form.elements].filter((one) => one.name && !["csrfmiddlewaretoken", "edition"].includes(one.name));
const read = (form) => Object.fromEntries(fields(form).map((one) => [one.name, one.value]));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
// The edition stays with the text, so that what a colleague saved meanwhile is noticed however late it is sent.
const hold = (form) => localStorage.setItem(key(form), JSON.stringify({ edition: form.elements.edition.value, values: read(form) }));

function say(form, words, state) {
  const place = form.querySelector(".paper-state");
  place.textContent = words;
  place.dataset.state = state;
}

function soon(form, pause) {
  clearTimeout(form.waiting);
  form.waiting = setTimeout(() => send(form), pause);
}

async function send(form) {
  if (form.busy) { form.more = true; return; }
  [form.busy, form.more] = [true, false];
  await deliver(form);
  form.busy = false;
  if (form.more) soon(form, WAIT);
}

async function deliver(form) {
  const { saving, kept } = form.querySelector(".paper-state").dataset;
  const sent = read(form);
  say(form, saving, "saving");
  let answer, told;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
  } catch {
    say(form, kept, "failed");
    soon(form, AGAIN);
    return;
  }
  if (answer.ok && told.edition) {
    form.elements.edition.value = told.edition;
    if (same(read(form), sent)) localStorage.removeItem(key(form)); else hold(form);
    say(form, told.saved, "saved");
  } else if (answer.status === 412) {
    meet(form, told);
  } else {
    say(form, told.detail || kept, "failed");
  }
}

// Nothing is overwritten: what they wrote and we have not stands above our own, and the next save keeps both.
function meet(form, told) {
  const theirs = (name) => told.theirs[name].replaceAll("\r\n", "\n"); // as a text area has it
  const news = JOINED.filter((name) => !form.elements[name].value.includes(theirs(name)));
  news.forEach((name) => { form.elements[name].value = `${theirs(name)}\n\n${form.elements[name].value}`; });
  form.elements.edition.value = told.edition;
  hold(form);
  say(form, told.detail, "failed");
  if (!news.length) soon(form, 0); // an own save whose answer was lost
}

function start(form) {
  const held = JSON.parse(localStorage.getItem(key(form)) || "null");
  if (held && !same(held.values, read(form))) {
    Object.entries(held.values).forEach(([name, value]) => { if (form.elements[name]) form.elements[name].value = value; });
    form.elements.edition.value = held.edition;
    soon(form, 0);
  }
  form.addEventListener("input", () => { hold(form); soon(form, WAIT); });
  form.addEventListener("submit", (event) => { event.preventDefault(); soon(form, 0); });
  addEventListener("online", () => { if (localStorage.getItem(key(form))) soon(form, 0); });
}

document.querySelectorAll("form[data-paper]").forEach(start);
