// Pages work without this file; it only makes a few things nicer.

// --- Countdowns: <p data-countdown="now"> with <time datetime="end">, written by the server first.
// They run by the server's clock: what the visitor's own clock shows may be wrong, or change.

const countdowns = [...document.querySelectorAll("[data-countdown]")];
let ahead = 0; // milliseconds to add to performance.now() for the server's clock

function tellTimeLeft(seconds) {
  const days = Math.floor(seconds / 86400);
  const clock = new Date((seconds % 86400) * 1000).toISOString().slice(11, 19);
  return days ? `${days} day${days === 1 ? "" : "s"}, ${clock}` : clock;
}

function countDown(element) {
  const time = element.querySelector("time");
  const left = Date.parse(time.dateTime) - performance.now() - ahead;
  const isOver = left <= 0;
  time.textContent = `in ${tellTimeLeft(Math.max(0, Math.ceil(left / 1000)))}`;
  element.querySelector("[data-running]").hidden = isOver;
  element.querySelector("[data-over]").hidden = !isOver;
  for (const part of document.querySelectorAll("[data-while-open]")) part.hidden = isOver;
}

async function askForTheTime() {
  try {
    const answer = await fetch("/ping", { method: "HEAD", cache: "no-store" });
    ahead =
      (Date.parse(answer.headers.get("Date")) || performance.now() + ahead) - performance.now();
  } catch {
    // Without a connection the countdown goes on as it was.
  }
}

function startCountdowns() {
  const [opening] = performance.getEntriesByType("navigation");
  ahead = 1000 * countdowns[0].dataset.countdown - (opening?.responseStart ?? 0);
  if (opening?.type === "back_forward") askForTheTime(); // the page may be an old copy
  let offset = Date.now() - performance.now();
  setInterval(() => {
    // While a computer sleeps, performance.now() may stand still.
    const jump = Math.abs(Date.now() - performance.now() - offset);
    offset = Date.now() - performance.now();
    if (jump > 2000) askForTheTime();
    countdowns.forEach(countDown);
  }, 1000);
  countdowns.forEach(countDown);
}

if (countdowns.length) startCountdowns();

// --- The closing time on the visitor's clocks, where these show another one than the site's

function tellMoment(moment, timeZone) {
  const day = { day: "numeric", month: "long", year: "numeric", timeZone };
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
  const parts = [day, clock].map((part) => new Intl.DateTimeFormat("en-GB", part).format(moment));
  return parts.join(", ");
}

for (const element of document.querySelectorAll("[data-own-zone]")) {
  const time = element.querySelector("time");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const words = tellMoment(new Date(time.dateTime), own);
  time.textContent = words;
  element.querySelector("[data-zone]").textContent = own;
  element.hidden = element.dataset.ownZone === words;
}

// --- A button that is pressed twice sends its form once. The server makes sure of it in any case.

const DOUBLE_CLICK = 5000; // milliseconds: whoever presses later means it

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, DOUBLE_CLICK);
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
}
