// Unfolds what a high score asks, says the change in words, and keeps what was typed until it is saved.
// Without it the server asks on the second try, with everything kept.

const LONGEST_DRAFT_MS = 12 * 60 * 60 * 1000;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "program", "move"]);
const form = document.querySelector("form[data-log]");

const chosen = (name) => form.querySelector(`input[name="${CSS.escape(name)}"]:checked`)?.value ?? "";
const scoreOf = (name) => (chosen(name) === "" ? null : Number(chosen(name)));

const highest = () => {
  const scores = [...form.querySelectorAll(".nrs input:checked")].map((radio) => Number(radio.value));
  return Math.max(0, ...scores);
};

// The client's own lines, as the server has them (plans/journal/rules): a severe score asks whether it can wait; a
// very severe one, or a lower one without sleep, or “cannot wait” asks on.
const isFrom = (line) => highest() >= Number(form.dataset[line]);
const asks = {
  "can-wait": () => isFrom("severe"),
  safety: () =>
    isFrom("verySevere") ||
    (isFrom("sleepless") && chosen("slept_badly") !== "") ||
    (isFrom("severe") && chosen("can_wait") === "no") ||
    chosen("harm") !== "",
};

const unfold = () => {
  for (const section of form.querySelectorAll("[data-unfold]")) {
    const isAnswered = section.querySelector("input:checked") !== null;
    const stays = form.dataset.draft === "hurts" || isAnswered;
    section.hidden = !stays && !asks[section.dataset.unfold]();
  }
  const weekly = form.querySelector("[data-weekly]");
  if (weekly) {
    const safety = form.querySelector('[data-unfold="safety"]');
    weekly.hidden = safety !== null && !safety.hidden && weekly.querySelector("input:checked") === null;
  }
  const before = form.querySelector("[data-when-hurt]");
  if (before) {
    before.hidden = ["", "none"].includes(chosen("hurt"));
  }
  for (const behind of form.querySelectorAll("[data-behind]")) {
    behind.hidden = chosen(behind.dataset.behind) !== "yes";
  }
  const day = form.querySelector("[data-when]");
  if (day) {
    day.hidden = chosen("when") !== day.dataset.when;
  }
};

const sayChange = () => {
  const place = form.querySelector("[data-change]");
  if (!place) {
    return;
  }
  const [before, after] = [scoreOf("before"), scoreOf("after")];
  place.hidden = before === null || after === null;
  if (place.hidden) {
    return;
  }
  place.querySelector("[data-before]").textContent = before;
  place.querySelector("[data-after]").textContent = after;
  place.querySelector("[data-same]").hidden = before !== after;
  place.querySelector("[data-lower]").hidden = after >= before;
  place.querySelector("[data-higher]").hidden = after <= before;
  for (const points of place.querySelectorAll("[data-points]")) {
    points.textContent = Math.abs(after - before);
  }
};

const draftKey = () => `draft:${form.dataset.draft}`;

const keepDraft = () => {
  const typed = [...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name));
  sessionStorage.setItem(draftKey(), JSON.stringify({ at: Date.now(), typed }));
};

// A page that was sent and came back with an error holds what was typed already.
const bringBackDraft = () => {
  const draft = JSON.parse(sessionStorage.getItem(draftKey()) ?? "null");
  if (!draft || Date.now() - draft.at > LONGEST_DRAFT_MS || form.querySelector(".errsum")) {
    return;
  }
  const typed = new Map();
  for (const [name, value] of draft.typed) {
    typed.set(name, [...(typed.get(name) ?? []), value]);
  }
  for (const control of form.elements) {
    if (!control.name || NOT_KEPT.has(control.name)) {
      continue;
    }
    const values = typed.get(control.name) ?? [];
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = values.includes(control.value);
    } else if (values.length) {
      control.value = values[0];
    }
  }
};

if (document.body.hasAttribute("data-clears-draft")) {
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith("draft:"))) {
    sessionStorage.removeItem(key);
  }
}

if (form) {
  if (form.dataset.draft) {
    bringBackDraft();
    form.addEventListener("input", keepDraft);
  }
  const follow = () => {
    unfold();
    sayChange();
  };
  form.addEventListener("change", follow);
  window.addEventListener("pageshow", follow);
  follow();
  for (const box of form.querySelectorAll(".bodypick .chips input")) {
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
