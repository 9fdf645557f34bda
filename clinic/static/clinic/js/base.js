// What every page gets once its HTML works without it: focus, dialogs, copying, one send per form.

const summary = document.querySelector("[data-focus]");
if (summary) {
  summary.focus();
}

// A link of the error summary may name a group of radios: put the cursor on the first of them.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errsum a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) {
    return;
  }
  const control = place.matches("input, select, textarea")
    ? place
    : place.querySelector("input, select, textarea");
  if (control) {
    event.preventDefault();
    (place.querySelector("legend") ?? place).scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    dialog.addEventListener("close", () => opener.focus(), { once: true });
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) {
    return;
  }
  const source = document.getElementById(button.dataset.copies);
  source.select();
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    return; // the text is selected: copying by hand is one step
  }
  button.lastElementChild.textContent = button.dataset.done;
});

// A second tap on Save while the first is on its way would send the form twice. After a while it may
// be meant: the network was gone, or the person stopped the page.
const MEANT_AFTER = 8000; // milliseconds

document.addEventListener("submit", (event) => {
  const form = event.target;
  const method = event.submitter?.formMethod || form.method;
  if (event.defaultPrevented || method !== "post") {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, MEANT_AFTER);
});

// The page kept for the Back button must be able to send again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});

// On a narrow screen the menu scrolls sideways: where one is should be in sight.
const here = document.querySelector(".side nav [aria-current]");
if (here && here.closest("nav").scrollWidth > here.closest("nav").clientWidth) {
  here.closest("nav").scrollLeft = here.offsetLeft - here.closest("nav").clientWidth / 4;
}
