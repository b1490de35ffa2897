"""Browser and script read the same texts, and say the same of the same files, word for word."""

import json
from random import Random
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from ballots.checkers import verify_draw
from ballots.tests import known_walks
from ballots.tests.json_texts import BAD, GOOD
from ballots.tests.tampering import change, is_fine, places, publish, verdict
from conftest import needs
from lotteries.tests.known_answers import BALLOTS, KNOWN, NAMES, RECORDS, read_vector
from lottery_site.tests.browsers import CHROMIUM

pytestmark = [
    pytest.mark.once,
    needs("browser", present=CHROMIUM),
    pytest.mark.django_db(transaction=True),
]

# What the script says, said by the browser.
VERDICTS = """
async (drawn) => {
  const { parseStrictly } = await import("/static/strict_json.js");
  const { checkRecord, checkReceipt, Malformed, readReceipts, tellOutcome } =
    await import("/static/verify_draw.js");
  const encoder = new TextEncoder();
  const read = (text) => text === null ? null : parseStrictly(encoder.encode(text).buffer);
  const verdicts = [];
  for (const texts of drawn) {
    try {
      const [record, receipts, ...proofs] = texts.map(read);
      const steps = await checkRecord(record);
      for (const receipt of receipts === null ? [] : readReceipts(receipts))
        steps.push(...(await checkReceipt(receipt, record, ...proofs)));
      const said = steps.map(({ title, holds, detail }) => [title, holds, detail]);
      verdicts.push([...said, tellOutcome(record, steps)]);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      verdicts.push(error.message);
    }
  }
  return verdicts;
}
"""


# What the browser reads of each text (a list of bytes), as JSON; null where it refuses it.
READINGS = """
async (texts) => {
  const { parseStrictly } = await import("/static/strict_json.js");
  const { Malformed } = await import("/static/verify_draw.js");
  return texts.map((bytes) => {
    try {
      return JSON.stringify(parseStrictly(Uint8Array.from(bytes)));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return null;
    }
  });
}
"""


@pytest.mark.once
def test_browser_and_script_read_the_same_texts(page: Page) -> None:
    page.goto(reverse("ballots:fairness"))
    texts = [*(text for text, _ in GOOD), *BAD]
    read = page.evaluate(READINGS, [list(text) for text in texts])
    values = [json.loads(text) if text else "refused" for text in read]
    assert values == [value for _, value in GOOD] + ["refused"] * len(BAD)


SIGNS = [
    *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"-", b"0", b"1", b".", b"e", b"E1", b" ", b"\n"),
    *(
        b"\\",
        b"\\ud800",
        b"\\udc00",
        b"\\u00e9",
        b"\\u0",
        b"\0",
        b"\t",
        b"\x0c",
        b"\xc2\xa0",
        b"\xff",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        "é🍐".encode(),
        b"null",
        b"NaN",
        b"/*",
        b'"a":1,',
        b"__proto__",
    ),
]
TEXTS = [
    b'{"a": 1, "b": [true, null, "x"], "c": {"a": -7}}',
    b'[12, "\\ud83c\\udf50", {"": []}]',
    b'{"number": 3, "proof": ["ab", "cd"], "place": null}',
]


@st.composite
def hostile_texts(draw: st.DrawFn) -> bytes:
    """A JSON text that somebody has put signs into, or taken some out of."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 3))
        text = text[:start] + draw(st.sampled_from([b"", *SIGNS])) + text[end:]
    return text


def reading(text: bytes) -> Any:
    try:
        return verify_draw.parse(text)
    except verify_draw.Malformed:
        return "refused"


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(hostile_texts(), min_size=50, max_size=50))
def test_browser_and_script_read_hostile_texts_alike(page: Page, texts: list[bytes]) -> None:
    if page.url == "about:blank":
        page.goto(reverse("ballots:fairness"))
    read = page.evaluate(READINGS, [list(text) for text in texts])
    for text, found in zip(texts, read, strict=True):
        assert (json.loads(found) if found else "refused") == reading(text), text


# What the browser makes of the protocol's answers: orders, walks, and the proofs of each ballot.
ANSWERS = """
async ({ orders, walks, proofs }) => {
  const check = await import("/static/verify_draw.js");
  const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const said = { orders: [], proofs: [], walks: walks.map(check.findWrongPlace) };
  for (const { key, ballot_count, first } of orders)
    said.orders.push(await check.drawnNumbers(unhex(key), ballot_count, first.length));
  for (const { leaf, number, root, root_after, proof_in_7, consistency_to_7 } of proofs) {
    const nodes = [proof_in_7.map(unhex), consistency_to_7.map(unhex)];
    said.proofs.push([
      await check.isIncluded(unhex(leaf), number, 7, nodes[0], unhex(root)),
      await check.isIncluded(unhex(leaf), (number % 7) + 1, 7, nodes[0], unhex(root)),
      await check.isConsistent(number, 7, unhex(root_after), unhex(root), nodes[1]),
      await check.isConsistent(number, 7, unhex(root), unhex(root), nodes[1]),
    ]);
  }
  return said;
}
"""


def test_the_browser_gives_the_answers_of_the_protocol(page: Page) -> None:
    page.goto(reverse("ballots:fairness"))
    asked = {
        "orders": KNOWN["orders"],
        "walks": [*known_walks.RIGHT, *(walk for walk, _ in known_walks.WRONG)],
        "proofs": [
            ballot | {"root": RECORDS[name]["root"]} for name in NAMES for ballot in BALLOTS[name]
        ],
    }
    said = page.evaluate(ANSWERS, asked)
    assert said["orders"] == [order["first"] for order in KNOWN["orders"]]
    wrong = [sentence for _, sentence in known_walks.WRONG]
    assert said["walks"] == [""] * len(known_walks.RIGHT) + wrong
    numbers = [ballot["number"] for ballot in asked["proofs"]]
    assert said["proofs"] == [[True, False, True, number == 7] for number in numbers]


def draw_some(seed: int) -> list[Any]:
    """The files of a made-up draw; of each four, three have been tampered with."""
    chance = Random(seed)
    made = publish(
        chance,
        chance.randint(3, 120),
        is_drand=chance.random() < 0.5,
        places=chance.choice([1, 1, 2, 5]),
        passed_over=chance.randint(0, 3),
    )
    files: list[Any] = made.files()
    for _ in range(seed % 4):
        which = chance.choice([0, 0, 1, 2, 3])
        if isinstance(files[which], dict) and (paths := list(places(files[which]))):
            files[which] = change(files[which], chance.choice(paths), chance)
    return files


def known_files(name: str) -> list[list[Any]]:
    """The record and receipt of the protocol, and both with something else in each field."""
    record, receipt = RECORDS[name], read_vector(f"receipt-{name}.json")
    chance = Random(name)
    records = [change(record, path, chance) for path in places(record)]
    receipts = [change(receipt, path, chance) for path in places(receipt)]
    tampered = [[other, receipt] for other in records] + [[record, other] for other in receipts]
    bundle = {field: receipt[field] for field in ("version", "lottery", "closure_date")}
    bundles = [bundle | {"receipts": [receipt, other]} for other in receipts[:3]]
    files = [[record, receipt], [record, bundle | {"receipts": [receipt]}], *tampered]
    return [[*pair, None, None] for pair in [*files, *([record, other] for other in bundles)]]


def script(texts: list[str]) -> Any:
    """What the script says of the same files where it checks no signatures, as no browser does."""
    try:
        record, receipts, inclusion, consistency = map(read_text, texts)
        steps = verify_draw.check_record(record)
        found = verify_draw.read_receipts(receipts)
        if inclusion is not None:
            verify_draw.conform("the proof", inclusion, verify_draw.INCLUSION)
        if consistency is not None:
            verify_draw.conform("the consistency proof", consistency, verify_draw.CONSISTENCY)
        for each in found:
            steps += [
                verify_draw.check_receipt(each, record),
                *verify_draw.check_receipt_signature(each),
                verify_draw.check_inclusion(each, record, inclusion),
                verify_draw.check_consistency(each, record, consistency),
            ]
        outcome = verify_draw.tell_outcome(record, steps)
    except verify_draw.Malformed as error:
        return str(error)
    return [*(list(step) for step in steps), outcome]


def read_text(text: str) -> Any:
    return verify_draw.parse(text.encode())


def write(files: list[Any]) -> list[str]:
    return [json.dumps(file) for file in files]


@pytest.mark.once
def test_browser_and_script_agree_on_right_and_wrong_draws(page: Page) -> None:
    page.goto(reverse("ballots:fairness"))
    draws = [draw_some(seed) for seed in range(400)]
    wrong = [files for files in draws if not is_fine(verdict(*files))]
    assert 200 < len(wrong) < 320
    draws += [files for name in NAMES for files in known_files(name)]
    texts = [write(files) for files in draws]
    for number, (words, each) in enumerate(zip(page.evaluate(VERDICTS, texts), texts, strict=True)):
        assert words == script(each), f"draw {number}"
