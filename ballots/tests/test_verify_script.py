"""verify_draw.py as everybody runs it: alone, in another folder, offline."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.checkers import verify_draw
from ballots.models import BallotBox
from ballots.public.receipts import receipt
from ballots.public.records import consistency, inclusion, record
from ballots.tests.factories import ROUND, SIGNATURE, BoxFactory, draw, sealed_box, submit
from ballots.tests.tampering import publish
from lotteries.protocol import drand
from lotteries.tests.known_answers import NAMES, RECORDS, read_vector

SCRIPT = Path(verify_draw.__file__)
# What the site publishes for now: no evidence of the sealing, and so none that is not checked.
OFFLINE, DRAND, PLACES = (RECORDS[name] | {"sealed_evidence": None} for name in NAMES)


def run(folder: Path, *files: Any) -> "subprocess.CompletedProcess[str]":
    """The script on these files, in a Python without the site's packages."""
    paths = []
    for number, content in enumerate(files):
        path = folder / f"{number}.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        paths.append(str(path))
    start = f"sys.argv[0] = {str(SCRIPT)!r}; runpy.run_path(sys.argv[0], run_name='__main__')"
    program = f"import sys, runpy; {start}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *paths],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_the_record_without_a_beacon_holds(tmp_path: Path) -> None:
    done = run(tmp_path, OFFLINE)
    assert done.returncode == 0
    *steps, outcome = done.stdout.splitlines()
    assert [line.split()[0] for line in steps] == ["holds"] * 8
    assert steps[7] == "holds        Places: Ballot 3 of 7 wins."
    assert outcome == (
        "Every step holds. The winner follows from the sealed box. "
        "Whoever could read the seed before closing could have steered it."
    )


def test_a_signature_that_nobody_checked_is_not_called_fine(tmp_path: Path) -> None:
    done = run(tmp_path, DRAND)
    assert done.returncode == 1
    *steps, outcome = done.stdout.splitlines()
    marks = [line[:11].strip() for line in steps]
    assert marks == ["holds"] * 5 + ["NOT CHECKED"] + ["holds"] * 3
    assert f"https://api.drand.sh/{drand.CHAIN}/public/{ROUND}: compare it with" in steps[5]
    assert outcome.startswith(
        "Every step that could be checked here holds; not checked: Signature of the beacon."
    )
    assert outcome.endswith("in time, for which the site's word stands.")


@pytest.mark.parametrize("record", [DRAND, PLACES])
def test_with_the_package_the_signature_is_checked(record: dict[str, Any]) -> None:
    steps = verify_draw.check_record(record, verify_draw.find_signature_check())
    assert steps[5] == ("Signature of the beacon", True, f"It is drand's own, of round {ROUND}.")
    assert verify_draw.tell_outcome(record, steps) == (
        "Every step holds. The winner follows from the sealed box. Nobody could choose the winner "
        "if the box was sealed in time, for which the site's word stands."
    )


@pytest.mark.parametrize("signature", ["b7" * 48, "a" + SIGNATURE[1:]])
def test_a_signature_of_somebody_else_does_not_hold(signature: str) -> None:
    forged = DRAND | {"beacon_signature": signature}
    steps = verify_draw.check_record(forged, verify_draw.find_signature_check())
    assert (steps[4].holds, steps[5].holds) == (True, False)
    assert verify_draw.tell_outcome(forged, steps) == "NOT every step holds."


def test_a_record_without_the_signature_it_needs(tmp_path: Path) -> None:
    done = run(tmp_path, DRAND | {"beacon_signature": None})
    assert (done.returncode, "The record lacks it." in done.stdout) == (1, True)


def test_a_beacon_that_came_before_the_sealing_promises_less(tmp_path: Path) -> None:
    late = DRAND | {"sealed_at": DRAND["drawn_at"]}
    said = run(tmp_path, late).stdout
    assert "holds        Moments" in said
    assert said.count("could still add ballots to it by then could have chosen the winner") == 2
    assert "By its own word it was sealed when the beacon was out" in said


def test_a_lottery_closed_early_is_remarked(tmp_path: Path) -> None:
    early = OFFLINE | dict.fromkeys(("sealed_at", "drawn_at"), OFFLINE["closes_at"] - 1)
    done = run(tmp_path, early)
    assert (done.returncode, "An admin closed it early." in done.stdout) == (0, True)


DAY_ENDS = 1694736000  # 2023-09-14, in UTC


@pytest.mark.parametrize(
    ("closes_at", "holds"),
    [
        (DAY_ENDS - 14 * 3600, True),  # Kiritimati
        (DAY_ENDS + 12 * 3600, True),  # Baker Island
        (DAY_ENDS - 16 * 3600, False),
        (DAY_ENDS + 14 * 3600, False),
    ],
)
def test_the_date_ends_somewhere_on_earth(closes_at: int, *, holds: bool) -> None:
    step = verify_draw.check_closing_time(OFFLINE | {"closes_at": closes_at})
    assert step.holds is holds


def test_evidence_of_the_sealing_is_checked_but_for_its_signatures() -> None:
    for name in NAMES:
        steps = verify_draw.check_record(RECORDS[name], verify_draw.find_signature_check())
        *others, journal, signatures = steps
        assert all(step.holds for step in others)
        assert journal.holds
        assert signatures.holds is None
        wrong = RECORDS[name] | {"participant_count": 4}
        assert verify_draw.check_record(wrong)[-2].holds is False


def test_without_ballots_no_step_speaks_of_a_winning_ballot(tmp_path: Path, db: None) -> None:
    box = BoxFactory.create()
    draw(box)
    empty = record(BallotBox.objects.with_results().get(pk=box.pk))
    done = run(tmp_path, empty)
    assert done.returncode == 0
    assert "holds        Empty box: The sealed box had no ballots, so nobody won." in done.stdout
    assert "Places" not in done.stdout
    assert "There were no ballots, so nobody could win." in done.stdout
    for wrong in ({"root": "0" * 64}, {"drawn": OFFLINE["drawn"]}, {"participant_count": 1}):
        assert "DOES NOT     Empty box" in run(tmp_path, empty | wrong).stdout


def test_ballots_without_a_winner_do_not_hold(tmp_path: Path) -> None:
    done = run(tmp_path, OFFLINE | {"drawn": []})
    assert done.returncode == 1
    assert "DOES NOT     Sealed box" in done.stdout
    assert "DOES NOT     Places: A place is vacant, and numbers are left." in done.stdout


def test_a_step_that_does_not_hold(tmp_path: Path) -> None:
    done = run(tmp_path, OFFLINE | {"seed": "1" * 64})
    assert done.returncode == 1
    assert "DOES NOT     Seed: It is not the seed that was committed to." in done.stdout
    assert done.stdout.endswith("NOT every step holds.\n")


ROW = OFFLINE["drawn"][0]
WRONG: list[tuple[Any, str]] = [
    ({k: v for k, v in OFFLINE.items() if k != "root"}, "the record lacks the field root"),
    (OFFLINE | {"extra": 1}, "a field that does not belong there: extra"),
    (OFFLINE | {"version": 1}, "the record is not of version 2, which this checks"),
    (OFFLINE | {"root": OFFLINE["root"].upper()}, "The field root of the record"),
    (OFFLINE | {"closes_at": True}, "The field closes_at of the record"),
    (OFFLINE | {"closure_date": "2023-02-30"}, "The field closure_date"),
    (OFFLINE | {"time_zone": "no zone"}, "The field time_zone"),
    (OFFLINE | {"places": 0}, "The field places"),
    (OFFLINE | {"prize": None}, "The field prize"),
    (OFFLINE | {"drawn": None, "drawn_at": None}, "This lottery is not drawn yet"),
    (OFFLINE | {"drawn": [{}]}, "a number drawn lacks the field ballot"),
    (OFFLINE | {"drawn": [ROW | {"passed_over": ""}]}, "The field passed_over of a number drawn"),
    (OFFLINE | {"drawn": [ROW | {"username": ""}]}, "The field username of a number drawn"),
    (OFFLINE | {"drawn": [ROW | {"place": 0}]}, "The field place of a number drawn"),
    (OFFLINE | {"sealed_evidence": {}}, "the evidence of the sealing lacks the field checkpoint"),
    ([], "the record is not a JSON object"),
    (b"", "It is not a JSON file"),
    (b"{", "It is not a JSON file"),
    (b'{"version": 2, "version": 2}', "A field is there twice"),
    (b"[" * 100_000, "It has too many values inside values"),
]


@pytest.mark.parametrize(("content", "said"), WRONG, ids=range(len(WRONG)))
def test_a_file_that_is_no_record(tmp_path: Path, content: Any, said: str) -> None:
    done = run(tmp_path, content)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("proof", [[], ["0" * 64] * 2, ["0" * 64] * 65])
def test_a_proof_of_the_wrong_length(tmp_path: Path, proof: list[str]) -> None:
    done = run(tmp_path, OFFLINE | {"drawn": [ROW | {"proof": proof}]})
    assert done.returncode in {1, 2}


def test_a_number_out_of_range(tmp_path: Path) -> None:
    for number in (0, 8, 2**40):
        assert run(tmp_path, OFFLINE | {"drawn": [ROW | {"number": number}]}).returncode in {1, 2}


def test_no_file_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 2
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "/no/such/file"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "/no/such/file: It is not a JSON file" in done.stderr


# --- Receipts


def test_a_receipt_with_its_proofs_holds(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False)
    done = run(tmp_path, *made.files())
    assert done.returncode == 0
    assert done.stdout.count("holds ") >= 9


def test_a_receipt_alone_is_not_called_fine(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False)
    done = run(tmp_path, made.record, made.receipt)
    assert done.returncode == 1
    number = made.receipt["number"]
    assert f"NOT CHECKED  Ballot {number} in the sealed box" in done.stdout
    assert f"proof.json?number={number}&size=50" in done.stdout


def test_a_proof_without_its_receipt(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False)
    done = run(tmp_path, made.record, made.inclusion)
    assert (done.returncode, "give that receipt, too" in done.stderr) == (2, True)


def test_two_proofs_of_the_same(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False)
    done = run(tmp_path, *made.files(), made.inclusion)
    assert (done.returncode, "Two of the proofs" in done.stderr) == (2, True)


def test_a_file_of_all_receipts(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False)
    all_of_it = {name: made.receipt[name] for name in ("version", "lottery", "closure_date")}
    all_of_it["receipts"] = [made.receipt]
    assert run(tmp_path, made.record, all_of_it, *made.files()[2:]).returncode == 0

    other = made.receipt | {"lottery": OFFLINE["lottery"]}
    done = run(tmp_path, made.record, all_of_it | {"receipts": [made.receipt, other]})
    assert (done.returncode, "of another lottery than their file" in done.stderr) == (2, True)
    assert run(tmp_path, made.record, all_of_it | {"extra": 1}).returncode == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_receipt_with_a_checkpoint_waits_for_its_signature(tmp_path: Path, name: str) -> None:
    receipt = read_vector(f"receipt-{name}.json")
    said = run(tmp_path, RECORDS[name], receipt).stdout
    assert "holds        Receipt of ballot 3" in said
    assert "holds        Checkpoint of the receipt of ballot 3" in said
    assert "NOT CHECKED  Signature of the receipt of ballot 3" in said
    other = receipt | {"head": receipt["head"] | {"root": "0" * 64}}
    said = run(tmp_path, RECORDS[name], other).stdout
    assert "DOES NOT     Checkpoint of the receipt of ballot 3" in said


def test_a_receipt_of_another_announcement(tmp_path: Path) -> None:
    said = run(tmp_path, RECORDS["places"], read_vector("receipt-drand.json")).stdout
    assert "DOES NOT     Receipt of ballot 3" in said


def test_what_the_site_publishes_holds(tmp_path: Path, alice: User, bob: User) -> None:
    box = BoxFactory.create()
    kept = receipt(submit(box, alice, 3).ballots.get(number=2))
    submit(box, bob, 4)
    draw(box)
    box = type(box).objects.with_results().get(pk=box.pk)
    proofs = inclusion(box, 2, 7), consistency(box, 3, 7)
    assert run(tmp_path, record(box), kept, *proofs).returncode == 0


def test_a_sealed_lottery_is_not_drawn_yet(tmp_path: Path, alice: User) -> None:
    done = run(tmp_path, record(sealed_box((alice, 2))))
    assert (done.returncode, "not drawn yet" in done.stderr) == (2, True)


# --- Where it runs


def test_it_needs_the_standard_library_alone() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names | {drand.LIBRARY}  # which it does without


def test_it_needs_no_list_of_time_zones(tmp_path: Path) -> None:
    """Any name is bound by the announcement, known here or not."""
    nowhere = OFFLINE | {"time_zone": "Mars/Phobos"}
    nowhere["announcement"] = verify_draw.announcement_hash(nowhere)
    done = run(tmp_path, nowhere)
    assert "holds        Closing time: It is fixed in the announcement" in done.stdout


def test_the_site_hands_out_the_very_file(db: None, stranger: Client) -> None:
    response = stranger.get(reverse("ballots:script"))
    assert response.content == SCRIPT.read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="verify_draw.py"'
