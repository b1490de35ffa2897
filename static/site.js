// Pages work without this file; it only makes two things nicer.

// A countdown that moves: <time data-countdown datetime="…"> is written by the server first.
function inWords(seconds) {
  const parts = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const first = parts.findIndex(([size]) => seconds >= size);
  if (first < 0) return "now";
  return parts.slice(first, first + 2).map(([size, name], index) => {
    const rest = index ? seconds % parts[first][0] : seconds;
    const count = Math.floor(rest / size);
    return `${count} ${name}${count === 1 ? "" : "s"}`;
  }).join(", ");
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
