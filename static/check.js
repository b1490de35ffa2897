// The page "Check this draw": runs the steps of verify_draw.js and shows each with its outcome.
import { parseStrictly, refuseLarge } from "./strict_json.js";
import {
  checkNumber,
  checkReceipt,
  checkRecord,
  Malformed,
  readReceipts,
  tellOutcome,
} from "./verify_draw.js";

const page = document.getElementById("check");
const part = (name) => page.querySelector(`[data-${name}]`);
const MARKS = new Map([
  [true, ["✓", "holds"]],
  [false, ["✗", "does not hold"]],
  [null, ["?", "was not checked"]],
]);

function show(list, { title, holds, detail }) {
  const [mark, words] = MARKS.get(holds);
  const item = document.createElement("li");
  const [sign, name] = [document.createElement("span"), document.createElement("strong")];
  item.className = words.replaceAll(" ", "-");
  sign.textContent = mark;
  sign.setAttribute("role", "img");
  sign.setAttribute("aria-label", words);
  name.textContent = title;
  item.append(sign, " ", name, `: ${detail}`);
  list.append(item);
}

// holds is null where no step failed but not all could be checked, and left out on the way there.
function say(element, words, holds) {
  element.textContent = words;
  const kind = holds === null ? "warning" : holds ? "success" : "error";
  element.className = holds === undefined ? "" : `message ${kind}`;
}

async function ask(url) {
  const response = await fetch(url, { cache: "no-cache", credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return response;
}

const fetchStrictly = async (url) => parseStrictly(await (await ask(url)).arrayBuffer());

// Every way in which a check can end but well: in words, never as a step that holds.
function reason(error) {
  return error instanceof Malformed ? error.message : `This could not be checked: ${error.message}`;
}

async function checkDraw() {
  say(part("verdict"), "Checking…");
  const record = await fetchStrictly(page.dataset.record);
  const steps = await checkRecord(record);
  for (const step of steps) show(part("steps"), step);
  const isWrong = steps.some((step) => step.holds === false);
  const isUnknown = steps.some((step) => step.holds === null);
  say(part("verdict"), tellOutcome(record, steps), isUnknown && !isWrong ? null : !isWrong);
  return record;
}

// Whether the number asked for is in the box with the record's head or, before the draw, with the
// one that the page shows.
async function checkAsked(asked, record) {
  const { number, size, root, lottery } = asked.dataset;
  const head = record ?? { lottery, ballot_count: Number(size), root };
  try {
    const proof = await fetchStrictly(`${page.dataset.proof}?number=${number}&size=${size}`);
    const { holds, detail } = await checkNumber(Number(number), head, proof);
    say(asked, detail, holds);
  } catch (error) {
    say(asked, reason(error), false);
  }
}

// The steps of one receipt, as readReceipts gives it, with the proofs that the site has for it.
async function stepsOf(receipt, record) {
  const { ballot_count: size } = record;
  const { number, head } = receipt;
  const isInside = number <= size && head.ballot_count <= size;
  const proofs = isInside
    ? [
        fetchStrictly(`${page.dataset.proof}?number=${number}&size=${size}`),
        fetchStrictly(`${page.dataset.consistency}?from=${head.ballot_count}&to=${size}`),
      ]
    : [null, null];
  return checkReceipt(receipt, record, ...(await Promise.all(proofs)));
}

class Tally {
  receipts = 0;
  steps = 0;
  bad = 0;
  open = 0; // steps that could not be checked

  async add(name, receipt, record) {
    this.receipts += 1;
    try {
      for (const step of await stepsOf(receipt, record)) this.count(step);
    } catch (error) {
      this.fail(name, error);
    }
    say(part("receipts-verdict"), `${this.receipts} checked…`);
  }

  // What is no receipt, or has no proof as it should be, does not hold; no answer says nothing.
  fail(title, error) {
    const holds = error instanceof Malformed ? false : null;
    this.count({ title, holds, detail: reason(error) });
  }

  count(step) {
    this.steps += 1;
    if (step.holds === true) return;
    if (step.holds === false) this.bad += 1;
    else this.open += 1;
    show(part("receipt-steps"), step);
  }

  verdict() {
    const receipts = `${this.receipts} receipt${this.receipts === 1 ? "" : "s"}`;
    const of = `Of ${this.steps} steps for ${receipts}, `;
    if (this.bad) return [`${of}${this.bad} do${this.bad === 1 ? "es" : ""} NOT hold.`, false];
    if (this.receipts === 0) return ["There was no receipt to check.", false];
    if (this.open) return [`${of}${this.open} could not be checked; all others hold.`, null];
    return [`${receipts}: every step holds.`, true];
  }

  tell() {
    say(part("receipts-verdict"), ...this.verdict());
  }
}

async function readFile(file) {
  refuseLarge(file.size);
  return readReceipts(parseStrictly(await file.arrayBuffer()));
}

async function checkFiles(files, record) {
  part("receipt-steps").replaceChildren();
  const tally = new Tally();
  for (const file of files) {
    let receipts = [];
    try {
      receipts = await readFile(file);
    } catch (error) {
      tally.receipts += 1;
      tally.fail(file.name, error);
    }
    for (const receipt of receipts) await tally.add(`Ballot ${receipt.number}`, receipt, record);
  }
  tally.tell();
}

// The address of my receipts from the submission before, which the answer has (RFC 8288).
const earlierFile = (response) =>
  response.headers.get("Link")?.match(/^<([^>]+)>; rel="prev"$/)?.[1];

async function checkMine(record) {
  part("receipt-steps").replaceChildren();
  const tally = new Tally();
  let file = page.dataset.receipts;
  while (file) {
    const response = await ask(file);
    for (const receipt of readReceipts(parseStrictly(await response.arrayBuffer())))
      await tally.add(`Ballot ${receipt.number}`, receipt, record);
    file = earlierFile(response);
  }
  tally.tell();
}

// Runs a check of receipts, one at a time, and says what stopped it.
async function run(check) {
  const inputs = [part("files"), part("mine")].filter(Boolean);
  for (const input of inputs) input.disabled = true;
  try {
    await check();
  } catch (error) {
    say(part("receipts-verdict"), reason(error), false);
  }
  for (const input of inputs) input.disabled = false;
}

function offerReceipts(record) {
  const files = part("files");
  files.disabled = false;
  files.addEventListener("change", () => run(() => checkFiles(files.files, record)));
  const mine = part("mine");
  if (!mine) return;
  mine.disabled = false;
  mine.addEventListener("click", () => run(() => checkMine(record)));
}

async function start() {
  const [verdict, asked] = [part("verdict"), part("asked")];
  if (!globalThis.crypto?.subtle) {
    const words =
      "Nothing was checked: this browser computes SHA-256 for pages only over https or on localhost.";
    if (verdict) say(verdict, `${words} Use the script below.`, false);
    if (asked) say(asked, words, false);
    return;
  }
  try {
    const record = verdict ? await checkDraw() : null;
    if (record) offerReceipts(record);
    if (asked) await checkAsked(asked, record);
  } catch (error) {
    say(verdict, reason(error), false);
  }
}

start();
