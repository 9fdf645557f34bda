// Says the chosen score in words beside the scale, and shows what belongs to a high one.
// <p class="nrs__out" data-pain-of="after"> names the radios it follows; its [data-words] child is written.
// <section data-from="7" data-pain-of="after"> is shown from that score on; without script it is always shown.

const scoreOf = (name) => {
  const chosen = document.querySelector(`input[type="radio"][name="${CSS.escape(name)}"]:checked`);
  return chosen ? { score: Number(chosen.value), words: chosen.parentElement.lastElementChild.textContent } : null;
};

const follow = () => {
  for (const place of document.querySelectorAll("[data-pain-of]")) {
    const now = scoreOf(place.dataset.painOf);
    const words = place.querySelector("[data-words]");
    if (words) {
      words.textContent = now ? now.words : "";
    }
    if (place.dataset.from) {
      place.hidden = !now || now.score < Number(place.dataset.from);
    }
  }
};

document.addEventListener("change", (event) => {
  if (event.target.matches(".nrs input")) {
    follow();
  }
});
window.addEventListener("pageshow", follow);
follow();
