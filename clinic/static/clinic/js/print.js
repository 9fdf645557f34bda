// A button that prints the page; without a script it stays hidden and the browser's own menu does it.

for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
