// Recomputes a draw from its public record: the same steps, in the same words, as verify_draw.py.
// The draw protocol defines all of it; sources: RFC 6962, RFC 9162.

const VERSION = 2;
const CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"; // drand quicknet
const GENESIS = 1692803367; // Unix seconds of its round 1
const PERIOD = 3; // seconds from round to round
const RELAY = "https://api.drand.sh"; // one of many
const LATE = 1800; // seconds after the closing time, from which on a sealing without a beacon is late
const MOST_REPEATS = 1000; // in one draw; the walk to the places ends with the last of them
const [HOUR, DAY] = [3600, 86400]; // seconds
const STEERABLE = ": whoever could still add ballots to it by then could have chosen the winner.";
const SIGNERS = "This takes the site's key and those of witnesses, and is not checked here.";

// A file that is not what the protocol says it is; nothing more can be said of it.
export class Malformed extends Error {}

// --- Hashes (RFC 6962 section 2.1)

const utf8 = new TextEncoder();

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
  return utf8.encode(values.map((value) => `${value}\n`).join(""));
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

const leafHash = (announcement, { number, ballot, participant }) =>
  sha256([0], lines("lottery/ballot/2", announcement, number, ballot, participant));

// Whether the proof leads from the leaf with this number to the root (RFC 9162, 2.1.3.2).
export async function isIncluded(leaf, number, size, proof, root) {
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
export async function isConsistent(before, size, rootBefore, root, proof) {
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
export async function drawnNumbers(key, size, wanted) {
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

const isText = (value) => typeof value === "string";
const isWords = (value) => typeof value === "string" && value !== "";
const isPattern = (regex) => (value) => typeof value === "string" && regex.test(value);
const isWhole = (least, most) => (value) =>
  Number.isInteger(value) && least <= value && value <= most;
const isNullOr = (isValid) => (value) => value === null || isValid(value);
const isList = (isValid, most) => (value) =>
  Array.isArray(value) && value.length <= most && value.every(isValid);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// The days from 1970-01-01 to a date; NaN where the calendar has none.
function daysUntil(day) {
  const days = Date.parse(`${day}T00:00:00Z`) / 1000 / DAY;
  const isReal = !Number.isNaN(days) && !day.startsWith("0000");
  return isReal && new Date(days * DAY * 1000).toISOString().startsWith(day) ? days : NaN;
}

const isDate = (value) =>
  isPattern(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)(value) &&
  value < "9999-12-31" &&
  !Number.isNaN(daysUntil(value));

const isHex = isPattern(/^[0-9a-f]{64}$/);
const isSignature = isPattern(/^[0-9a-f]{96}$/);
const isUuid = isPattern(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const COUNT = 2 ** 31 - 1;
const isSome = isWhole(1, COUNT);
const isProof = isList(isHex, 64);

const anyCount = isWhole(0, COUNT);
const isMoment = isWhole(1, 253402300799);

const RECORD = {
  version: isWhole(VERSION, VERSION),
  lottery: isUuid,
  name: isWords,
  prize: isText,
  terms: isText,
  closure_date: isDate,
  time_zone: isPattern(/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/),
  closes_at: isMoment,
  announced_at: isMoment,
  places: isSome,
  ballots_each: anyCount,
  claim_days: anyCount,
  seed_commitment: isHex,
  beacon: isPattern(/^(none|drand:[0-9a-f]{64}:[1-9][0-9]{0,14})$/),
  announcement: isHex,
  sealed_at: isMoment,
  ballot_count: anyCount,
  participant_count: anyCount,
  root: isHex,
  seed: isHex,
  drawn_at: isMoment,
  beacon_signature: isNullOr(isSignature),
  drawn: isList(isObject, COUNT),
  sealed_evidence: isNullOr(isObject),
};
const DRAWN = {
  number: isSome,
  ballot: isUuid,
  participant: isUuid,
  username: isNullOr(isWords),
  place: isNullOr(isSome),
  passed_over: isNullOr(isWords),
  proof: isProof,
};
const EVIDENCE = { index: anyCount, proof: isProof, checkpoint: isText };
const RECEIPT = {
  version: isWhole(VERSION, VERSION),
  lottery: isUuid,
  closure_date: isDate,
  announcement: isHex,
  number: isSome,
  ballot: isUuid,
  participant: isUuid,
  head: isObject,
  checkpoint: isNullOr(isText),
};
const RECEIPTS = {
  version: isWhole(VERSION, VERSION),
  lottery: isUuid,
  closure_date: isDate,
  receipts: isList(isObject, COUNT),
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
    throw new Malformed(`${what} is not of version ${VERSION}, which this checks.`);
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
  if (isObject(record) && record.drawn === null)
    throw new Malformed("This lottery is not drawn yet: there is no draw to check.");
  conform("the record", record, RECORD);
  for (const row of record.drawn) conform("a number drawn", row, DRAWN);
  if (record.sealed_evidence !== null)
    conform("the evidence of the sealing", record.sealed_evidence, EVIDENCE);
}

// What a signed note says of a tree (C2SP tlog-checkpoint), or an empty tree where it is none.
// Who signed it is not looked at.
function readCheckpoint(text) {
  const note =
    /^([^\n]+)\n(0|[1-9][0-9]{0,9})\n([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\n(?:[^\n]+\n)*\n(?:\u2014 [^\n ]+ [A-Za-z0-9+/=]+\n)+$/;
  const [, origin, size, root] = note.exec(text) ?? ["", "", "0", ""];
  const bytes = Uint8Array.from(atob(root), (sign) => sign.charCodeAt(0));
  return { origin, size: Number(size), root: bytes };
}

// --- The steps of a record: what was announced

const step = (title, holds, yes, no) => ({ title, holds, detail: holds ? yes : no });
const unknown = (title, detail) => ({ title, holds: null, detail });

const textHash = async (text) => hex(await sha256(utf8.encode(text)));

async function announcementHash(record) {
  const { lottery, closure_date, time_zone, closes_at, announced_at } = record;
  const { places, ballots_each, claim_days, seed_commitment, beacon } = record;
  const words = [record.name, record.prize, record.terms];
  const text = lines(
    "lottery/announced/2",
    ...[lottery, closure_date, time_zone, closes_at, announced_at],
    ...[places, ballots_each, claim_days],
    ...(await Promise.all(words.map(textHash))),
    ...[seed_commitment, beacon],
  );
  return hex(await sha256(text));
}

async function checkAnnouncement(record) {
  return step(
    "Announcement",
    (await announcementHash(record)) === record.announcement,
    "Name, prize, terms and all else that was promised have the fingerprint " +
      `${record.announcement}: each ballot and each receipt is bound to it.`,
    "What the record says was promised is not what its fingerprint is of.",
  );
}

// It needs no list of time zones: the announcement fixes the moment, within a day of these.
function checkClosingTime({ closure_date, time_zone, closes_at }) {
  // In UTC; clocks run up to 14 hours before it and 12 behind, and change.
  const end = (daysUntil(closure_date) + 1) * DAY;
  return step(
    "Closing time",
    end - 15 * HOUR <= closes_at && closes_at <= end + 13 * HOUR,
    `It is fixed in the announcement, as the end of ${closure_date} in ${time_zone}.`,
    `${closure_date} ends at another moment everywhere on Earth.`,
  );
}

const beaconRound = ({ beacon }) => (beacon === "none" ? null : Number(beacon.split(":")[2]));
const roundMoment = (round) => GENESIS + (round - 1) * PERIOD;

// Whether it was sealed when its beacon was out already.
function isLate(record) {
  const round = beaconRound(record);
  return round !== null && record.sealed_at >= roundMoment(round);
}

function checkMoments(record) {
  const { announced_at: announced, closes_at, sealed_at: sealed, drawn_at: drawn } = record;
  const round = beaconRound(record);
  let [inOrder, late] = [
    sealed === drawn,
    sealed >= closes_at + LATE ? " It was sealed late." : "",
  ];
  if (round !== null) {
    inOrder = sealed <= drawn && roundMoment(round) <= drawn;
    late = isLate(record) ? ` It was sealed when the beacon was out${STEERABLE}` : "";
  }
  const early = sealed < closes_at ? " An admin closed it early." : "";
  return step(
    "Moments",
    inOrder && announced < closes_at && announced <= sealed,
    `It was announced, then sealed, then drawn.${early}${late}`,
    "The moments of announcement, closing, sealing and draw do not fit each other.",
  );
}

async function checkSeed({ lottery, seed, seed_commitment }) {
  const commitment = hex(await sha256(lines("lottery/seed/2", lottery, seed)));
  return step(
    "Seed",
    commitment === seed_commitment,
    "It is the seed that the announcement is bound to.",
    "It is not the seed that was committed to.",
  );
}

// --- The steps of a record: the beacon

function checkBeacon(record) {
  const { beacon, beacon_signature: signature, closes_at } = record;
  const round = beaconRound(record);
  if (round === null)
    return step(
      "Beacon",
      signature === null,
      "None was announced, and none was used.",
      "There is none, but the record has its part.",
    );
  return step(
    "Beacon",
    beacon.split(":")[1] === CHAIN && signature !== null && roundMoment(round) > closes_at,
    `Round ${round} of drand was announced, and came after the closing time.`,
    "It is no round of drand's after the closing time, or the record lacks its signature.",
  );
}

async function randomness({ beacon, beacon_signature: signature }) {
  return beacon === "none" ? "none" : hex(await sha256(unhex(signature ?? "")));
}

// That drand's key made the signature takes more than browsers compute: nobody has looked.
function checkSignature(record) {
  const [title, signature] = ["Signature of the beacon", record.beacon_signature];
  if (signature === null) return step(title, false, "", "The record lacks it.");
  const where = `${RELAY}/${CHAIN}/public/${beaconRound(record)}`;
  const detail = "This takes more than SHA-256. Any relay of drand shows it, such as ";
  return unknown(title, `${detail}${where}: compare it with ${signature}`);
}

// --- The steps of a record: the box, the order and the places

async function checkBox(record) {
  const { ballot_count: size, root, drawn, announcement } = record;
  let holds = hasPossibleCounts(record);
  for (const row of drawn) {
    const [leaf, proof] = [await leafHash(announcement, row), row.proof.map(unhex)];
    holds = holds && row.number <= size;
    holds = holds && (await isIncluded(leaf, row.number, size, proof, unhex(root)));
  }
  return step(
    "Sealed box",
    holds,
    "Each number drawn had that ballot and that participant in the sealed box.",
    "The sealed box did not have these numbers with these ballots and participants.",
  );
}

// Whether so many participants, within their limit, can have so many ballots.
function hasPossibleCounts(record) {
  const { ballot_count: size, participant_count: people, ballots_each: limit, drawn } = record;
  const known = new Map();
  for (const { participant } of drawn) known.set(participant, (known.get(participant) ?? 0) + 1);
  return (
    1 <= known.size &&
    known.size <= people &&
    people <= size &&
    (known.size === people || drawn.length < size) &&
    (limit === 0 || ([...known.values()].every((had) => had <= limit) && size <= people * limit))
  );
}

async function checkOrder(record) {
  const { announcement, ballot_count: size, root, seed, beacon, drawn } = record;
  const chance = await randomness(record);
  const key = await sha256(lines("lottery/draw/2", announcement, size, root, seed, chance));
  const order = drawn.length <= size ? await drawnNumbers(key, size, drawn.length) : [];
  const holds = drawn.length <= size && drawn.every((row, i) => row.number === order[i]);
  const sources = beacon === "none" ? "the box and the seed" : "the box, the seed and the beacon";
  return step(
    "Order",
    holds,
    `It follows from the announcement, ${sources}.`,
    `Another order follows from the announcement, ${sources}.`,
  );
}

function checkPlaces(record) {
  const wrong = findWrongPlace(record);
  return step("Places", wrong === "", tellPlaces(record), wrong);
}

// Where the walk from the order to the places is not the protocol's; empty where it is.
export function findWrongPlace({ places, drawn, ballot_count: size }) {
  const people = new Set(); // who was taken so far
  const holders = new Map(); // who took each place last
  const isHeld = (place) => !holders.has(place) || holders.get(place).passed_over === null;
  let repeats = 0;
  for (const row of drawn) {
    const { number, place, participant } = row;
    if (repeats === MOST_REPEATS)
      return `Number ${number} was taken after ${MOST_REPEATS} repeats, which end the walk.`;
    const isWrong = holders.size < places ? place !== holders.size + 1 : isHeld(place);
    if (people.has(participant)) {
      if (place !== null || row.passed_over !== null)
        return `Number ${number} is a repeat, and cannot have held a place.`;
      repeats += 1;
    } else if (place === null) {
      return `Number ${number} is of somebody new, and was given no place.`;
    } else if (isWrong) {
      return `Number ${number} was given place ${place}, which was not the vacant one.`;
    } else {
      holders.set(place, row);
    }
    people.add(participant);
  }
  const isFull = holders.size === places && [...holders.keys()].every(isHeld);
  if (isFull && drawn.at(-1).place === null)
    return `Number ${drawn.at(-1).number} was taken while every place was held.`;
  if (!isFull && repeats < MOST_REPEATS && drawn.length < size)
    return "A place is vacant, and numbers are left.";
  return "";
}

function tellPlaces({ places, drawn, ballot_count: size }) {
  const held = drawn.filter((row) => row.place !== null && row.passed_over === null);
  if (places === 1 && held.length) return `Ballot ${held[0].number} of ${size} wins.`;
  return `Places that are held: ${held.length} of ${places}.`;
}

async function checkEmptyBox({ participant_count: people, root, drawn }) {
  return step(
    "Empty box",
    people === 0 && drawn.length === 0 && root === hex(await sha256([])),
    "The sealed box had no ballots, so nobody won.",
    "It is said to have no ballots, but the record has participants, a root or winners.",
  );
}

// --- The steps of a record: the site's journal

// What evidence of the sealing there is. None claims nothing, and is no step.
async function checkJournal(record) {
  if (record.sealed_evidence === null) return [];
  const { lottery, sealed_at, ballot_count, participant_count, root, seed } = record;
  const names = [lottery, sealed_at, ballot_count, participant_count, root, seed];
  const leaf = await sha256([0], lines("lottery/sealed/2", ...names));
  const { index, proof, checkpoint } = record.sealed_evidence;
  const tree = readCheckpoint(checkpoint);
  const nodes = proof.map(unhex);
  const holds =
    index < tree.size &&
    tree.size <= COUNT &&
    (await isIncluded(leaf, index + 1, tree.size, nodes, tree.root));
  return [
    step(
      "Journal",
      holds,
      `The sealing is entry ${index} of the journal that the checkpoint is of.`,
      "The journal that the checkpoint is of does not have this sealing.",
    ),
    unknown("Signatures of the journal", SIGNERS),
  ];
}

// All steps of a finished draw, in turn; throws Malformed where the record is not one.
export async function checkRecord(record) {
  checkFormats(record);
  const checks = [checkAnnouncement, checkClosingTime, checkMoments, checkSeed, checkBeacon];
  if (record.beacon !== "none") checks.push(checkSignature);
  // Without ballots there is no winning ballot, and no step that says anything of one.
  if (record.ballot_count) checks.push(checkBox, checkOrder, checkPlaces);
  else checks.push(checkEmptyBox);
  const steps = [];
  for (const check of checks) steps.push(await check(record));
  return [...steps, ...(await checkJournal(record))];
}

// --- What all of it comes to

// Whether every step holds, in a sentence, and what that proves.
export function tellOutcome(record, steps) {
  if (steps.some((step) => step.holds === false)) return "NOT every step holds.";
  const open = steps.filter((step) => step.holds === null).map((step) => step.title);
  if (open.length)
    return (
      `Every step that could be checked here holds; not checked: ${open.join(", ")}. ` +
      `If that holds, too: ${tellMeaning(record)}`
    );
  return `Every step holds. ${tellMeaning(record)}`;
}

// What it proves that every step holds, and what not, in the mode of this draw.
function tellMeaning(record) {
  if (record.ballot_count === 0) return "There were no ballots, so nobody could win.";
  const follows = "The winner follows from the sealed box.";
  if (record.beacon === "none")
    return `${follows} Whoever could read the seed before closing could have steered it.`;
  const word =
    "Nobody could choose the winner if the box was sealed in time, " +
    "for which the site's word stands.";
  const late = ` By its own word it was sealed when the beacon was out${STEERABLE}`;
  return `${follows} ${word}${isLate(record) ? late : ""}`;
}

// --- The steps of a receipt

function conformReceipt(receipt) {
  conform("the receipt", receipt, RECEIPT);
  conform("the head of the receipt", receipt.head, HEAD);
}

// The receipts in a file of one, or of all that somebody has of a lottery; throws Malformed.
export function readReceipts(file) {
  if (!isObject(file) || !Object.hasOwn(file, "receipts")) {
    conformReceipt(file);
    return [file];
  }
  conform("the file of receipts", file, RECEIPTS);
  for (const receipt of file.receipts) {
    conformReceipt(receipt);
    if (["lottery", "closure_date"].some((name) => receipt[name] !== file[name]))
      throw new Malformed("One of the receipts is of another lottery than their file.");
  }
  return file.receipts;
}

// Whether the receipt is one of this lottery, as it was announced.
function checkReceiptItself(receipt, record) {
  const { number, head } = receipt;
  return step(
    `Receipt of ballot ${number}`,
    ["lottery", "closure_date", "announcement"].every((name) => receipt[name] === record[name]) &&
      number <= head.ballot_count &&
      head.ballot_count <= record.ballot_count,
    "It belongs to this lottery, and is bound to the same announcement.",
    "It does not belong to this lottery, or not to what the record says was announced.",
  );
}

// That the site signed the head of the receipt. Without a checkpoint, it claims none.
function checkReceiptSignature({ checkpoint, lottery, head, number }) {
  if (checkpoint === null) return [];
  const { origin, size, root } = readCheckpoint(checkpoint);
  return [
    step(
      `Checkpoint of the receipt of ballot ${number}`,
      origin.endsWith(`/lotteries/${lottery}`) &&
        size === head.ballot_count &&
        hex(root) === head.root,
      "It is of the same box, with the same ballots.",
      "It is of another box, or of other ballots.",
    ),
    unknown(`Signature of the receipt of ballot ${number}`, SIGNERS),
  ];
}

async function checkInclusion(receipt, record, proof) {
  const { number } = receipt;
  const { lottery, ballot_count: size, root } = record;
  const title = `Ballot ${number} in the sealed box`;
  if (!proof) return unknown(title, needs(`proof.json?number=${number}&size=${size}`));
  conform("the proof", proof, INCLUSION);
  const leaf = await leafHash(receipt.announcement, receipt);
  const given = [proof.lottery, proof.number, proof.ballot_count, proof.root, proof.leaf];
  const wanted = [lottery, number, size, root, hex(leaf)];
  const nodes = proof.proof.map(unhex);
  return step(
    title,
    wanted.every((value, place) => value === given[place]) &&
      number <= size &&
      (await isIncluded(leaf, number, size, nodes, unhex(root))),
    "It was in the box that was drawn from, under its number.",
    "The proof does not show it in the box that was drawn from.",
  );
}

// Whether a ballot of this number, whoever's it is, is in the box with this head.
export async function checkNumber(number, { lottery, ballot_count: size, root }, proof) {
  conform("the proof", proof, INCLUSION);
  const given = [proof.lottery, proof.number, proof.ballot_count, proof.root];
  const wanted = [lottery, number, size, root];
  const nodes = proof.proof.map(unhex);
  return step(
    `Ballot ${number} in the box`,
    wanted.every((value, place) => value === given[place]) &&
      number <= size &&
      (await isIncluded(unhex(proof.leaf), number, size, nodes, unhex(root))),
    "Your browser followed the proof: it leads from the leaf to the root.",
    "The proof does NOT lead from the leaf to the root.",
  );
}

const needs = (file) => `This takes its proof. Get it next to the record: ${file}`;

async function checkConsistency({ number, head }, record, proof) {
  const title = `Everything before the receipt of ballot ${number}`;
  const { lottery, ballot_count: size, root } = record;
  let holds;
  if (!proof && head.ballot_count === size) {
    holds = head.root === root;
  } else if (!proof) {
    return unknown(title, needs(`consistency.json?from=${head.ballot_count}&to=${size}`));
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

// The steps of a receipt, as readReceipts gives it; the proofs are null where there are none.
export async function checkReceipt(receipt, record, inclusion, consistency) {
  return [
    checkReceiptItself(receipt, record),
    ...checkReceiptSignature(receipt),
    await checkInclusion(receipt, record, inclusion),
    await checkConsistency(receipt, record, consistency),
  ];
}
