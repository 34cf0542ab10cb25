// The jump box: asks the server as one types and lists what it answers; arrow keys move, Enter opens.
export function startJump() {
  const dialog = document.getElementById("jump");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const field = form.querySelector("input");
  const results = document.getElementById("jump-results");
  let timer = 0;
  let asking = null;

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const q = field.value.trim();
    if (!q) { results.replaceChildren(); return; }
    try {
      const answer = await fetch(`${form.action}?q=${encodeURIComponent(q)}`, { headers: { "HX-Request": "true" }, signal: asking.signal });
      if (answer.ok && !answer.redirected) results.innerHTML = await answer.text();
      else if (answer.redirected) location.reload();
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  function move(step) {
    const stops = [field, ...results.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    stops[(at + step + stops.length) % stops.length].focus();
  }

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    await ask();
    results.querySelector("a")?.click();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
  });
  dialog.addEventListener("close", () => { field.value = ""; results.replaceChildren(); });
}
