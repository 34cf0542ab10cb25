// One box that ticks all boxes of a name in its form, wherever on the page they stand.
document.querySelectorAll("[data-tick-all]").forEach((all) => {
  const boxes = () => [...all.form.elements].filter((box) => box.name === all.dataset.tickAll);
  all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  document.addEventListener("change", () => { all.checked = boxes().every((box) => box.checked); });
});
