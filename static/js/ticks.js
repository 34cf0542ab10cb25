// One box that ticks all boxes of a name in its form.
document.querySelectorAll("[data-tick-all]").forEach((all) => {
  const boxes = () => [...all.form.querySelectorAll(`input[name="${all.dataset.tickAll}"]`)];
  all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  all.form.addEventListener("change", () => { all.checked = boxes().every((box) => box.checked); });
});
