// Private notes of an auditor: locked with a passphrase before they leave this browser, and opened only here.
// A box is aims-note-1.<salt>.<iv>.<text>, each part in base64url: PBKDF2-SHA-256, then AES-256-GCM.
const ROUNDS = 600000;
const LEAST = 10;
const MARK = "aims-note-1";

const toText = (bytes) => btoa(Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

async function keyOf(passphrase, salt) {
  const raw = await crypto.subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function lock(text, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(passphrase, salt), new TextEncoder().encode(text));
  return [MARK, toText(salt), toText(iv), toText(locked)].join(".");
}

export async function unlock(box, passphrase) {
  const [mark, salt, iv, locked] = box.split(".");
  if (mark !== MARK) throw new Error("unknown box");
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: toBytes(iv) }, await keyOf(passphrase, toBytes(salt)), toBytes(locked));
  return new TextDecoder().decode(text);
}

function start(place) {
  const form = place.querySelector("form");
  const passphrase = form.querySelector("#note-pass");
  const text = form.querySelector("#note-text");
  const state = form.querySelector("[data-note-state]");
  form.querySelector("[data-note-open]").addEventListener("click", async () => {
    if (passphrase.value.length < LEAST) { state.textContent = place.dataset.need; return; }
    try {
      text.value = place.dataset.box ? await unlock(place.dataset.box, passphrase.value) : "";
      text.disabled = false;
      state.textContent = "";
      text.focus();
    } catch { state.textContent = place.dataset.wrong; }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (text.disabled || passphrase.value.length < LEAST) { state.textContent = place.dataset.need; return; }
    const box = await lock(text.value, passphrase.value);
    const body = new URLSearchParams({ box, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(place.dataset.url, { method: "POST", body });
      if (!answer.ok) throw new Error(String(answer.status));
      place.dataset.box = box;
      state.textContent = (await answer.json()).saved;
    } catch { state.textContent = place.dataset.failed; }
  });
}

document.querySelectorAll("[data-note]").forEach(start);
