// Saves a form in the background as one types, and says when; what cannot be saved stays in this tab (see drafts.js).
import { forget } from "./drafts.js";

const PAUSE = 1500;

function start(form) {
  const said = form.querySelector("[data-saved]");
  let timer = 0;
  let busy = false;
  let again = false;

  const tell = (words, failed = false) => { said.textContent = words; said.classList.toggle("failed", failed); };

  function took(answer) {
    form.elements.version.value = answer.version;
    document.getElementById("steps").innerHTML = answer.steps;
    forget(form);
  }

  async function save() {
    if (busy) { again = true; return; }
    busy = true;
    tell(form.dataset.saving);
    try {
      const answer = await fetch(location.href, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" } });
      if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) tell(form.dataset.signedOut, true);
      else { const body = await answer.json(); tell(body.said, !answer.ok); if (answer.ok) took(body); }
    } catch { tell(form.dataset.unreachable, true); }
    busy = false;
    if (again) { again = false; later(); }
  }

  function later() { clearTimeout(timer); timer = setTimeout(save, PAUSE); }

  form.addEventListener("input", later);
  form.addEventListener("submit", () => clearTimeout(timer));
}

document.querySelectorAll("form[data-autosave]").forEach(start);
