// Every tick shows at once what it changes: the page is sent quietly and its parts are put in place.
// Without this module the buttons do the same, a page at a time.

const form = document.querySelector("form[data-live]");
const QUIET = new Set(["swap", "unswap"]);
let asked = 0;

const look = async (name, value) => {
  const body = new FormData(form);
  body.append(name, value);
  const turn = ++asked;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(location.href, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || turn !== asked) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of form.querySelectorAll("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      // A part that is being typed in stays under the hands; a pressed button may go.
      const isInHand = part.contains(document.activeElement) && !document.activeElement.matches("button");
      if (fresh && !isInHand) {
        part.replaceChildren(...fresh.childNodes);
      }
    }
  } catch {
    // No network: the button “Show what changes” and Send still say so.
  } finally {
    if (turn === asked) {
      form.removeAttribute("aria-busy");
    }
  }
};

form?.addEventListener("change", (event) => {
  if (event.target.matches("input[type=checkbox], input[name=start], input[name=start_on]")) {
    look("do", "check");
  } else if (event.target.matches("input[type=radio][name=template]")) {
    form.querySelector("button[value=pick]")?.click();
  }
});

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && QUIET.has(button.name)) {
    event.preventDefault();
    const cards = [...form.querySelectorAll(".verdict")];
    const place = cards.indexOf(button.closest(".verdict"));
    look(button.name, button.value).then(() => {
      const next = form.querySelectorAll(".verdict")[Math.min(place, form.querySelectorAll(".verdict").length - 1)];
      next?.querySelector("h3")?.setAttribute("tabindex", "-1");
      next?.querySelector("h3")?.focus();
    });
  }
});
