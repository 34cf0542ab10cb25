// A combobox over a plain text field: searches on the server, shows enough to tell two similar records apart.
let count = 0;

class Picker {
  constructor(holder) {
    this.held = holder.querySelector("input");
    this.many = this.held.hasAttribute("data-multiple");
    this.chosen = JSON.parse(this.held.dataset.chosen || "[]");
    if (!this.chosen.length && this.held.value) this.chosen = this.held.value.split(",").map((value) => ({ value: value.trim(), label: value.trim() }));
    this.url = holder.dataset.url;
    this.remover = holder.dataset.remove;
    this.options = [];
    this.at = -1;
    this.build(holder);
    this.draw();
  }

  build(holder) {
    this.list = document.createElement("ul");
    this.list.id = `picker-${++count}`;
    this.list.className = "picker-list";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.field = this.held.cloneNode(false);
    for (const name of ["name", "value", "data-multiple", "data-chosen", "required"]) this.field.removeAttribute(name);
    const facts = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list", autocomplete: "off", type: "text" };
    Object.entries(facts).forEach(([name, value]) => this.field.setAttribute(name, value));
    this.held.removeAttribute("id");
    this.held.type = "hidden";
    this.chips = document.createElement("div");
    this.chips.className = "picker-box";
    holder.append(this.chips, this.field, this.list);
    this.list.setAttribute("aria-label", holder.dataset.choices);
    this.field.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.ask(), 150); });
    this.field.addEventListener("focus", () => this.field.select());
    this.field.addEventListener("keydown", (event) => this.press(event));
    this.field.addEventListener("blur", () => setTimeout(() => { this.close(); this.settle(); }, 150));
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const address = new URL(this.url, location);
    address.searchParams.set("q", this.field.value.trim());
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.asking.signal });
      if (answer.ok && !answer.redirected) this.show((await answer.json()).options);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  show(results) {
    this.options = results;
    this.list.replaceChildren(...results.map((result, index) => this.option(result, index)));
    this.list.hidden = !results.length;
    this.field.setAttribute("aria-expanded", String(Boolean(results.length)));
    this.mark(results.length ? 0 : -1);
  }

  option(result, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.append(result.label);
    if (result.hint) { const hint = document.createElement("small"); hint.textContent = result.hint; item.append(hint); }
    item.addEventListener("mousedown", (event) => { event.preventDefault(); this.choose(result); });
    return item;
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    if (at < 0) { this.field.removeAttribute("aria-activedescendant"); return; }
    this.field.setAttribute("aria-activedescendant", this.list.children[at].id);
    this.list.children[at].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" && !open) { event.preventDefault(); this.ask(); return; }
    if (!open) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown") { event.preventDefault(); this.mark(this.at === last ? 0 : this.at + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); this.mark(this.at <= 0 ? last : this.at - 1); }
    if (event.key === "Enter" && this.at >= 0) { event.preventDefault(); this.choose(this.options[this.at]); }
    if (event.key === "Escape") { event.stopPropagation(); this.close(); this.settle(); }
  }

  choose(result) {
    const others = this.many ? this.chosen.filter((item) => item.value !== result.value) : [];
    this.chosen = [...others, { value: result.value, label: result.label }];
    this.store();
    this.close();
  }

  remove(value) {
    this.chosen = this.chosen.filter((item) => item.value !== value);
    this.store();
    this.field.focus();
  }

  store() {
    this.held.value = this.chosen.map((item) => item.value).join(",");
    this.held.dispatchEvent(new Event("input", { bubbles: true }));
    this.draw();
  }

  // Left without choosing: an emptied field clears; other text is kept as a reference for the server to judge.
  settle() {
    const typed = this.field.value.trim();
    if (this.many) { if (typed) this.choose({ value: typed, label: typed }); return; }
    if (typed === (this.chosen[0]?.label || "")) return;
    this.chosen = typed ? [{ value: typed, label: typed }] : [];
    this.store();
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  draw() {
    if (!this.many) { this.field.value = this.chosen[0]?.label || ""; return; }
    this.field.value = "";
    this.chips.replaceChildren(...this.chosen.map((item) => this.chip(item)));
  }

  chip(item) {
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.append(item.label);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", `${this.remover} ${item.label}`);
    button.addEventListener("click", () => this.remove(item.value));
    chip.append(button);
    return chip;
  }
}

export function startPickers() {
  document.querySelectorAll("[data-picker]").forEach((holder) => new Picker(holder));
}
