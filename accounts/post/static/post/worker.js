// Shows what a letter to this browser says, and opens its page when it is tapped. It keeps nothing.

const DEFAULT_PAGE = "/";

const own = (path) => {
  const url = new URL(typeof path === "string" ? path : DEFAULT_PAGE, self.location.origin);
  return url.origin === self.location.origin ? url.href : self.location.origin + DEFAULT_PAGE;
};

self.addEventListener("push", (event) => {
  let letter = {};
  try {
    letter = event.data.json();
  } catch {
    // A message that cannot be read still has to be shown: browsers ask for it.
  }
  event.waitUntil(
    self.registration.showNotification(letter.title ?? self.location.host, {
      body: letter.body ?? "",
      tag: letter.tag ?? "letter",
      data: { url: own(letter.url) },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data;
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: "window" });
      const open = pages.find((page) => page.url === url);
      return open ? open.focus() : self.clients.openWindow(url);
    })(),
  );
});
