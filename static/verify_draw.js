// Recomputes a draw from its public record: the same steps, in the same words, as verify_draw.py.
// The draw protocol defines all of it; sources: RFC 6962, RFC 9162.

const VERSION = 1;
const CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"; // drand quicknet
const GENESIS = 1692803367; // Unix seconds of its round 1
const PERIOD = 3; // seconds from round to round
const RELAY = "https://api.drand.sh"; // one of many
const LATE = 1800; // seconds after the closing time, from which on a sealing without a beacon is late

// A file that is not what the protocol says it is; nothing more can be said of it.
export class Malformed extends Error {}

// --- Hashes (RFC 6962 section 2.1)

const ascii = new TextEncoder();

function concatenate(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concatenate(...parts)));
}

function lines(...values) {
  return ascii.encode(values.map((value) => `${value}\n`).join(""));
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function unhex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

function same(one, other) {
  return hex(one) === hex(other);
}

const nodeHash = (left, right) => sha256([1], left, right);

const leafHash = ({ lottery, number, ballot, participant }) =>
  sha256([0], lines("lottery/ballot/v1", lottery, number, ballot, participant));

// Whether the proof leads from the leaf with this number to the root (RFC 9162, 2.1.3.2).
async function isIncluded(leaf, number, size, proof, root) {
  let [first, last, head] = [number - 1, size - 1, leaf];
  for (const node of proof) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      head = await nodeHash(node, head);
      while (first % 2 === 0 && first) [first, last] = [first >> 1, last >> 1];
    } else {
      head = await nodeHash(head, node);
    }
    [first, last] = [first >> 1, last >> 1];
  }
  return last === 0 && same(head, root);
}

// Whether the tree with this root begins with the smaller one (RFC 9162, 2.1.4.2).
async function isConsistent(before, size, rootBefore, root, proof) {
  if (before === size) return proof.length === 0 && same(rootBefore, root);
  const nodes = (before & (before - 1)) === 0 ? [rootBefore, ...proof] : proof;
  if (nodes.length === 0) return false;
  let [first, last] = [before - 1, size - 1];
  while (first % 2 === 1) [first, last] = [first >> 1, last >> 1];
  let [headBefore, head] = [nodes[0], nodes[0]];
  for (const node of nodes.slice(1)) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      [headBefore, head] = [await nodeHash(node, headBefore), await nodeHash(node, head)];
      while (first % 2 === 0 && first) [first, last] = [first >> 1, last >> 1];
    } else {
      head = await nodeHash(head, node);
    }
    [first, last] = [first >> 1, last >> 1];
  }
  return last === 0 && same(headBefore, rootBefore) && same(head, root);
}

// The first so many of the numbers 1 to size in the order drawn.
async function drawnNumbers(key, size, wanted) {
  const bits = BigInt(size > 1 ? (size - 1).toString(2).length : 0);
  const kept = new Set();
  for (let counter = 0n; kept.size < Math.min(wanted, size); counter += 1n) {
    const tail = new DataView(new ArrayBuffer(8));
    tail.setBigUint64(0, counter);
    const digest = await sha256(key, new Uint8Array(tail.buffer));
    const candidate = Number(new DataView(digest.buffer).getBigUint64(0) >> (64n - bits));
    if (candidate < size) kept.add(candidate + 1);
  }
  return [...kept];
}

// --- Formats

const isText = (least, most) => (value) =>
  typeof value === "string" && [...value].length >= least && [...value].length <= most;
const isPattern = (regex) => (value) => typeof value === "string" && regex.test(value);
const isWhole = (least, most) => (value) =>
  Number.isInteger(value) && least <= value && value <= most;
const isNullOr = (isValid) => (value) => value === null || isValid(value);
const isList = (isValid, most) => (value) =>
  Array.isArray(value) && value.length <= most && value.every(isValid);
const isFlag = (value) => value === true || value === false;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// The whole Unix seconds of an ISO 8601 moment in UTC; NaN where the calendar has none.
function secondsOf(moment) {
  const seconds = Date.parse(`${moment.slice(0, 19)}Z`) / 1000;
  const isReal = !Number.isNaN(seconds) && !moment.startsWith("0000");
  return isReal && new Date(seconds * 1000).toISOString().startsWith(moment.slice(0, 19))
    ? seconds
    : NaN;
}

const isMoment = (value) =>
  isPattern(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/)(value) &&
  !Number.isNaN(secondsOf(value));
const isDate = (value) =>
  isPattern(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)(value) &&
  value < "9999-12-31" &&
  !Number.isNaN(secondsOf(`${value}T00:00:00.000000Z`));

const isHex = isPattern(/^[0-9a-f]{64}$/);
const isSignature = isPattern(/^[0-9a-f]{96}$/);
const isUuid = isPattern(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const COUNT = 2 ** 31 - 1;
const isSome = isWhole(1, COUNT);
const isProof = isList(isHex, 64);

const WINNER = {
  number: isSome,
  ballot: isUuid,
  participant: isUuid,
  username: isText(1, 50),
  passed_over: isNullOr(isText(1, 300)),
  proof: isProof,
};
const RECORD = {
  version: isWhole(VERSION, VERSION),
  lottery: isUuid,
  name: isText(1, 100),
  closure_date: isDate,
  time_zone: isPattern(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/),
  closes_at: isWhole(1, 253402300799),
  sealed_at: isMoment,
  drawn_at: isMoment,
  closed_early: isFlag,
  sealed_late: isFlag,
  ballot_count: isWhole(0, COUNT),
  participant_count: isWhole(0, COUNT),
  root: isHex,
  seed: isHex,
  seed_commitment: isHex,
  beacon: isPattern(/^(none|drand:[0-9a-f]{64}:[1-9][0-9]{0,14}:[0-9a-f]{64})$/),
  beacon_delay: isNullOr(isWhole(0, COUNT)),
  beacon_signature: isNullOr(isSignature),
  winners: isList(isObject, COUNT),
};
const RECEIPT = {
  version: isWhole(VERSION, VERSION),
  lottery: isUuid,
  closure_date: isDate,
  number: isSome,
  ballot: isUuid,
  participant: isUuid,
  leaf: isHex,
  head: isObject,
  seed_commitment: isHex,
  beacon_round: isNullOr(isWhole(1, 10 ** 15 - 1)),
};
const HEAD = { ballot_count: isSome, root: isHex };
const INCLUSION = {
  version: isWhole(VERSION, VERSION),
  lottery: isUuid,
  number: isSome,
  ballot_count: isSome,
  root: isHex,
  leaf: isHex,
  proof: isProof,
};
const CONSISTENCY = {
  version: isWhole(VERSION, VERSION),
  lottery: isUuid,
  from: isSome,
  from_root: isHex,
  to: isSome,
  to_root: isHex,
  proof: isProof,
};

// Throws Malformed unless the object has exactly these fields, each in its format.
function conform(what, value, fields) {
  if (!isObject(value)) throw new Malformed(`${what} is not a JSON object.`);
  if (Object.hasOwn(value, "version") && value.version !== VERSION)
    throw new Malformed(`${what} has another version; this checks version ${VERSION}.`);
  for (const name of Object.keys(fields).sort())
    if (!Object.hasOwn(value, name)) throw new Malformed(`${what} lacks the field ${name}.`);
  for (const name of Object.keys(value).sort())
    if (!Object.hasOwn(fields, name))
      throw new Malformed(`${what} has a field that does not belong there: ${name}.`);
  for (const [name, isValid] of Object.entries(fields))
    if (!isValid(value[name]))
      throw new Malformed(`The field ${name} of ${what} is not in its format.`);
}

function checkFormats(record) {
  if (isObject(record) && record.winners === null)
    throw new Malformed("This lottery is not drawn yet: there is no draw to check.");
  conform("the record", record, RECORD);
  for (const winner of record.winners) conform("a winner", winner, WINNER);
}

// --- The steps of a record

const step = (title, holds, yes, no) => ({ title, holds, detail: holds ? yes : no });

// What the clocks of the zone show, in seconds as if it were UTC; throws where it is not known.
function localTime(seconds, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = format.formatToParts(new Date(seconds * 1000));
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000;
}

// It is the first moment at which the clocks show midnight, or later, after the date.
function checkClosingTime({ closure_date, time_zone: zone, closes_at }) {
  const midnight = Date.parse(`${closure_date}T00:00:00Z`) / 1000 + 24 * 3600;
  let holds;
  try {
    const local = localTime(closes_at, zone);
    holds = midnight <= local && local < midnight + 24 * 3600;
    for (let before = closes_at - 1; holds && before > closes_at - 24 * 3600; before -= 900)
      holds = localTime(before, zone) < midnight;
  } catch {
    const detail = `The time zone ${zone} is not known here.`;
    return { title: "Closing time", holds: null, detail };
  }
  return step(
    "Closing time",
    holds,
    `It was to close at midnight at the end of ${closure_date} in ${zone}.`,
    `The closing time is not midnight at the end of ${closure_date} in ${zone}.`,
  );
}

const beaconRound = ({ beacon }) => (beacon === "none" ? null : Number(beacon.split(":")[2]));

function checkMoments(record) {
  const { sealed_at: sealed, drawn_at: drawn, closes_at } = record;
  const round = beaconRound(record);
  const due = round === null ? closes_at + LATE : GENESIS + (round - 1) * PERIOD;
  const inOrder = round === null ? sealed === drawn : sealed <= drawn && secondsOf(drawn) >= due;
  const [early, late] = [secondsOf(sealed) < closes_at, secondsOf(sealed) >= due];
  const remarks =
    (early ? " An admin closed it early." : "") + (late ? " It was sealed late." : "");
  return step(
    "Sealing and draw",
    inOrder && early === record.closed_early && late === record.sealed_late,
    `It was sealed, then drawn, and the record says how.${remarks}`,
    "The moments of sealing and draw do not fit each other, or what is said of them.",
  );
}

async function checkSeed({ lottery, seed, seed_commitment }) {
  const commitment = hex(await sha256(lines("lottery/seed/v1", lottery, seed)));
  return step(
    "Seed",
    commitment === seed_commitment,
    `It is the seed of the commitment ${commitment}: compare that with the announcement.`,
    "It is not the seed that was committed to.",
  );
}

async function checkBeacon({ beacon, beacon_delay, beacon_signature, closes_at }) {
  if (beacon === "none")
    return step(
      "Beacon",
      beacon_delay === null && beacon_signature === null,
      "None was announced, and none was used.",
      "There is none, but the record has parts of one.",
    );
  const [, chain, round, randomness] = beacon.split(":");
  const announced = Math.ceil((closes_at + beacon_delay - GENESIS) / PERIOD) + 1;
  const holds =
    beacon_delay !== null &&
    beacon_signature !== null &&
    chain === CHAIN &&
    Number(round) === announced &&
    hex(await sha256(unhex(beacon_signature))) === randomness;
  return step(
    "Beacon",
    holds,
    `Round ${round} is the announced one, and its randomness is that of its signature.`,
    "It is not the announced round of drand, or not with its own randomness.",
  );
}

// That drand's key made the signature takes more than browsers compute: nobody has looked.
function checkSignature(record) {
  const [title, signature] = ["Signature of the beacon", record.beacon_signature];
  if (signature === null) return { title, holds: false, detail: "The record lacks it." };
  const where = `${RELAY}/${CHAIN}/public/${beaconRound(record)}`;
  const detail = "This takes more than SHA-256. Any relay of drand shows it, such as ";
  return { title, holds: null, detail: `${detail}${where}: compare it with ${signature}` };
}

async function checkBox(record) {
  const { lottery, ballot_count: size, participant_count: people, root, winners } = record;
  const known = new Set(winners.map((winner) => winner.participant)).size;
  let holds = 1 <= known && known <= people && people <= size;
  for (const winner of winners) {
    const leaf = await leafHash({ lottery, ...winner });
    const proof = winner.proof.map(unhex);
    holds = holds && winner.number <= size;
    holds = holds && (await isIncluded(leaf, winner.number, size, proof, unhex(root)));
  }
  return step(
    "Sealed box",
    holds,
    "The winning ballot had that number and that participant in the sealed box.",
    "The sealed box did not have the winning ballot with that number and participant.",
  );
}

async function checkOrder(record) {
  const { lottery, ballot_count: size, root, seed, beacon, winners } = record;
  const key = await sha256(lines("lottery/draw/v1", lottery, size, root, seed, beacon));
  let holds = winners.length > 0 && winners.length <= size;
  const order = holds ? await drawnNumbers(key, size, winners.length) : [];
  holds = holds && winners.every((winner, place) => winner.number === order[place]);
  const stands = (winner, place) =>
    (winner.passed_over === null) === (place === winners.length - 1);
  holds = holds && winners.every(stands);
  const last = winners.at(-1)?.number;
  const sources = beacon === "none" ? "the box and the seed" : "the box, the seed and the beacon";
  return step(
    "Winning number",
    holds,
    `It follows from ${sources}. Ballot ${last} of ${size} wins.`,
    `Another order of winners follows from ${sources}.`,
  );
}

async function checkEmptyBox({ participant_count: people, root, winners }) {
  return step(
    "Empty box",
    people === 0 && winners.length === 0 && root === hex(await sha256([])),
    "The sealed box had no ballots, so nobody won.",
    "It is said to have no ballots, but the record has participants, a root or winners.",
  );
}

// All steps of a finished draw, in turn; throws Malformed where the record is not one.
export async function checkRecord(record) {
  checkFormats(record);
  const checks = [checkClosingTime, checkMoments, checkSeed, checkBeacon];
  if (record.beacon !== "none") checks.push(checkSignature);
  // Without ballots there is no winning ballot, and no step that says anything of one.
  if (record.ballot_count) checks.push(checkBox, checkOrder);
  else checks.push(checkEmptyBox);
  const steps = [];
  for (const check of checks) steps.push(await check(record));
  return steps;
}

// --- What all of it comes to

// Whether every step holds, in a sentence, and what that proves.
export function tellOutcome(record, steps) {
  if (steps.some((step) => step.holds === false)) return "NOT every step holds.";
  const unknown = steps.filter((step) => step.holds === null).map((step) => step.title);
  if (unknown.length)
    return (
      `Every step that could be checked here holds; not checked: ${unknown.join(", ")}. ` +
      `If that holds, too: ${tellMeaning(record)}`
    );
  return `Every step holds. ${tellMeaning(record)}`;
}

// What it proves that every step holds, and what not, in the mode of this draw.
function tellMeaning({ ballot_count: size, beacon, sealed_late: isLate }) {
  if (size === 0) return "There were no ballots, so nobody could win.";
  const follows = "The winner follows from the sealed box.";
  if (beacon === "none")
    return `${follows} Whoever could read the seed before closing could have steered it.`;
  if (isLate)
    return (
      `${follows} It was sealed when the round of the beacon was out: ` +
      "whoever could still add ballots to it by then could have chosen the winner."
    );
  return (
    `${follows} Nobody could choose the winner if the box was sealed in time, ` +
    "for which the site's word stands."
  );
}

// --- The steps of a receipt

export function checkReceiptFormat(receipt) {
  conform("the receipt", receipt, RECEIPT);
  conform("the head of the receipt", receipt.head, HEAD);
}

async function checkReceiptItself(receipt, record) {
  checkReceiptFormat(receipt);
  const holds =
    ["lottery", "closure_date", "seed_commitment"].every(
      (name) => receipt[name] === record[name],
    ) &&
    receipt.beacon_round === beaconRound(record) &&
    receipt.leaf === hex(await leafHash(receipt)) &&
    receipt.number <= receipt.head.ballot_count &&
    receipt.head.ballot_count <= record.ballot_count;
  return step(
    `Receipt of ballot ${receipt.number}`,
    holds,
    "It belongs to this lottery, and its leaf is that of its ballot.",
    "It does not belong to this draw, or its leaf is not that of its ballot.",
  );
}

async function checkInclusion(receipt, record, proof) {
  const title = `Ballot ${receipt.number} in the sealed box`;
  if (!proof) return { title, holds: null, detail: "This takes its proof." };
  conform("the proof", proof, INCLUSION);
  const { ballot_count: size, root } = record;
  const nodes = proof.proof.map(unhex);
  const holds =
    ["lottery", "ballot_count", "root"].every((name) => proof[name] === record[name]) &&
    ["number", "leaf"].every((name) => proof[name] === receipt[name]) &&
    receipt.number <= size &&
    (await isIncluded(unhex(receipt.leaf), receipt.number, size, nodes, unhex(root)));
  return step(
    title,
    holds,
    "It was in the box that was drawn from, under its number.",
    "The proof does not show it in the box that was drawn from.",
  );
}

async function checkConsistency({ number, head }, record, proof) {
  const title = `Everything before the receipt of ballot ${number}`;
  const { lottery, ballot_count: size, root } = record;
  let holds;
  if (!proof && head.ballot_count === size) {
    holds = head.root === root;
  } else if (!proof) {
    return { title, holds: null, detail: "This takes its proof." };
  } else {
    conform("the consistency proof", proof, CONSISTENCY);
    const given = [proof.lottery, proof.from, proof.from_root, proof.to, proof.to_root];
    const wanted = [lottery, head.ballot_count, head.root, size, root];
    const nodes = proof.proof.map(unhex);
    const roots = [unhex(head.root), unhex(root)];
    holds =
      wanted.every((value, place) => value === given[place]) &&
      head.ballot_count <= size &&
      (await isConsistent(head.ballot_count, size, ...roots, nodes));
  }
  return step(
    title,
    holds,
    "The sealed box begins with the very ballots it had when the receipt was given.",
    "The box was rewritten after the receipt was given.",
  );
}

// The steps of a receipt; the proofs are null where there are none.
export async function checkReceipt(receipt, record, inclusion, consistency) {
  return [
    await checkReceiptItself(receipt, record),
    await checkInclusion(receipt, record, inclusion),
    await checkConsistency(receipt, record, consistency),
  ];
}
