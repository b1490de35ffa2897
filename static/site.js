// Pages work without this file; it only makes two things nicer.

// A countdown that moves: <time data-countdown datetime="…"> is written by the server first.
function inWords(seconds) {
  const days = Math.floor(seconds / 86400);
  const clock = new Date((seconds % 86400) * 1000).toISOString().slice(11, 19);
  return days ? `${days} day${days === 1 ? "" : "s"}, ${clock}` : clock;
}

for (const element of document.querySelectorAll("[data-countdown]")) {
  const end = Date.parse(element.dateTime);
  const tick = () => {
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    element.textContent = seconds ? `in ${inWords(seconds)}` : "now";
  };
  tick();
  setInterval(tick, 1000);
}

// A button that is pressed twice sends its form once. The server makes sure of it in any case.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
}
