// Tapping the picture ticks the same checkboxes as the list. The list is the control; the picture follows it.

for (const control of document.querySelectorAll(".bodypick")) {
  const paint = (box) => {
    const region = control.querySelector(`[data-region="${CSS.escape(box.value)}"]`);
    if (region) {
      region.toggleAttribute("data-severity", box.checked);
      if (box.checked) {
        region.dataset.severity = "picked";
      }
    }
  };

  const boxes = control.querySelectorAll(".chips input");
  const paintAll = () => boxes.forEach(paint);

  control.addEventListener("change", (event) => {
    if (event.target.matches(".chips input")) {
      paint(event.target);
    }
  });

  control.addEventListener("click", (event) => {
    const region = event.target.closest("[data-region]");
    const box = region && control.querySelector(`.chips input[value="${CSS.escape(region.dataset.region)}"]`);
    if (box) {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  window.addEventListener("pageshow", paintAll);
  paintAll();
  control.dataset.ready = "yes";
}
