// Turns letters to this browser on and off. Without this module, or where a browser can't, the page says so.

const part = document.querySelector("[data-push]");
const canTake = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const bytes = (words) =>
  Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const digest = async (text) => {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const say = (name) => {
  for (const line of part.querySelectorAll("[data-says]")) {
    line.hidden = line.dataset.says !== name;
  }
};

const worker = async () => {
  await navigator.serviceWorker.register(part.dataset.worker, { scope: "/" });
  return navigator.serviceWorker.ready;
};

const subscriptionHere = async () => {
  const known = await navigator.serviceWorker.getRegistration("/");
  return known ? known.pushManager.getSubscription() : null;
};

// The server tells which of a person's devices this one is by a digest: the address itself stays in the browser.
const rowHere = async () => {
  const here = await subscriptionHere();
  const known = here && (await digest(here.endpoint));
  return known && document.querySelector(`[data-device="${known}"]`);
};

const nameOfDevice = () => {
  const agent = navigator.userAgent;
  const kind = ["iPhone", "iPad", "Android", "Windows", "Mac", "Linux"].find((name) => agent.includes(name)) ?? "";
  const maker = ["Firefox", "Edg", "Chrome", "Safari"].find((name) => agent.includes(name)) ?? "";
  return [maker === "Edg" ? "Edge" : maker, kind].filter(Boolean).join(", ");
};

const turnOn = async () => {
  if ((await Notification.requestPermission()) !== "granted") {
    say("refused");
    return;
  }
  const registration = await worker();
  const before = await registration.pushManager.getSubscription();
  if (before) {
    await before.unsubscribe();
  }
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(part.dataset.key),
  });
  const answer = await fetch(part.dataset.api, {
    method: "PUT",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
    },
    body: JSON.stringify({
      endpoint: made.endpoint,
      keys: { p256dh: words(made.getKey("p256dh")), auth: words(made.getKey("auth")) },
      device: nameOfDevice(),
    }),
  });
  if (!answer.ok) {
    await made.unsubscribe();
    throw new Error(`${answer.status}`);
  }
  location.reload();
};

const show = async () => {
  part.hidden = false;
  document.querySelector("[data-push-absent]").hidden = true;
  if (Notification.permission === "denied") {
    say("refused");
    return;
  }
  const row = await rowHere();
  if (row) {
    row.querySelector("[data-here]").hidden = false;
    // Removing this very device also tells the browser, whichever way it was tapped.
    row.querySelector("form").addEventListener("submit", async () => (await subscriptionHere())?.unsubscribe());
  }
  say(row ? "on" : "off");
};

if (part && canTake) {
  part.querySelector("[data-turn-on]").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.setAttribute("aria-disabled", "true");
    try {
      await turnOn();
    } catch {
      say("failed");
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  await show();
}
