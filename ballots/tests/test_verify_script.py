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
from ballots.tests.tampering import ZONES, publish
from lotteries.protocol import drand
from lotteries.tests.known_answers import VECTORS

SCRIPT = Path(verify_draw.__file__)
NAMES = ("record-offline.json", "record-drand.json")
RECORDS = {name: json.loads((VECTORS / name).read_text()) for name in NAMES}
OFFLINE, DRAND = RECORDS["record-offline.json"], RECORDS["record-drand.json"]


def run(folder: Path, *files: Any, before: str = "pass") -> "subprocess.CompletedProcess[str]":
    """The script on these files, in a Python without the site's packages."""
    paths = []
    for number, content in enumerate(files):
        path = folder / f"{number}.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        paths.append(str(path))
    start = f"sys.argv[0] = {str(SCRIPT)!r}; runpy.run_path(sys.argv[0], run_name='__main__')"
    program = f"import sys, runpy; {before}; {start}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *paths],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_the_record_without_a_beacon_holds(tmp_path: Path) -> None:
    done = run(tmp_path, OFFLINE)
    assert done.returncode == 0
    *steps, meaning, outcome = done.stdout.splitlines()
    assert [line.split()[0] for line in steps] == ["holds"] * 6
    assert meaning.endswith("Whoever could read the seed before closing could have steered it.")
    assert outcome == "Every step holds."


def test_a_signature_that_nobody_checked_is_not_called_fine(tmp_path: Path) -> None:
    done = run(tmp_path, DRAND)
    assert done.returncode == 1
    *steps, outcome = done.stdout.splitlines()
    marks = [line[:11].strip() for line in steps]
    assert marks == ["holds"] * 4 + ["NOT CHECKED"] + ["holds"] * 2
    assert f"https://api.drand.sh/{drand.CHAIN}/public/{ROUND}: compare it with" in steps[4]
    assert outcome.startswith(
        "Every step that could be checked here holds; not checked: Signature of the beacon."
    )
    assert outcome.endswith("in time, for which the site's word stands.")


def test_with_the_package_the_signature_is_checked() -> None:
    steps = verify_draw.check_record(DRAND, verify_draw.find_signature_check())
    assert steps[4] == ("Signature of the beacon", True, f"It is drand's own, of round {ROUND}.")
    assert verify_draw.tell_outcome(DRAND, steps) == "Every step holds."


@pytest.mark.parametrize("signature", ["b7" * 48, "a" + SIGNATURE[1:]])
def test_a_signature_of_somebody_else_does_not_hold(signature: str) -> None:
    randomness = drand.randomness(signature)
    forged = DRAND | {
        "beacon_signature": signature,
        "beacon": f"drand:{drand.CHAIN}:{ROUND}:{randomness}",
    }
    steps = verify_draw.check_record(forged, verify_draw.find_signature_check())
    assert (steps[3].holds, steps[4].holds) == (True, False)
    assert verify_draw.tell_outcome(forged, steps) == "NOT every step holds."


def test_a_record_without_the_signature_it_needs(tmp_path: Path) -> None:
    done = run(tmp_path, DRAND | {"beacon_signature": None})
    assert (done.returncode, "The record lacks it." in done.stdout) == (1, True)


def test_a_beacon_that_came_before_the_sealing_promises_less() -> None:
    late = verify_draw.tell_meaning(DRAND | {"sealed_late": True})
    assert "could have chosen the winner" in late
    assert "Nobody could choose" not in late


def test_without_ballots_no_step_speaks_of_a_winning_ballot(tmp_path: Path, db: None) -> None:
    box = BoxFactory.create()
    draw(box)
    empty = record(BallotBox.objects.with_results().get(pk=box.pk))
    done = run(tmp_path, empty)
    assert done.returncode == 0
    assert "holds        Empty box: The sealed box had no ballots, so nobody won." in done.stdout
    assert "Winning number" not in done.stdout
    assert "There were no ballots, so nobody could win." in done.stdout
    for wrong in ({"root": "0" * 64}, {"winners": OFFLINE["winners"]}, {"participant_count": 1}):
        assert "DOES NOT     Empty box" in run(tmp_path, empty | wrong).stdout


def test_ballots_without_a_winner_do_not_hold(tmp_path: Path) -> None:
    done = run(tmp_path, OFFLINE | {"winners": []})
    assert done.returncode == 1
    assert "DOES NOT     Sealed box" in done.stdout
    assert "DOES NOT     Winning number" in done.stdout


def test_a_step_that_does_not_hold(tmp_path: Path) -> None:
    done = run(tmp_path, OFFLINE | {"seed": "1" * 64})
    assert done.returncode == 1
    assert "DOES NOT     Seed: It is not the seed that was committed to." in done.stdout
    assert done.stdout.endswith("NOT every step holds.\n")


WRONG: list[tuple[Any, str]] = [
    ({k: v for k, v in OFFLINE.items() if k != "root"}, "the record lacks the field root"),
    (OFFLINE | {"extra": 1}, "a field that does not belong there: extra"),
    (OFFLINE | {"version": 2}, "has version 2; this checks version 1"),
    (OFFLINE | {"root": OFFLINE["root"].upper()}, "The field root of the record"),
    (OFFLINE | {"closes_at": True}, "The field closes_at of the record"),
    (OFFLINE | {"sealed_at": "2023-02-30T00:00:00.000000Z"}, "The field sealed_at"),
    (OFFLINE | {"winners": None, "drawn_at": None}, "This lottery is not drawn yet"),
    (OFFLINE | {"winners": [{}]}, "a winner lacks the field ballot"),
    ([], "the record is not a JSON object"),
    (b"", "It is not a JSON file"),
    (b"{", "It is not a JSON file"),
    (b'{"version": 1, "version": 1}', "A field is there twice"),
    (b"[" * 100_000, "It is not a JSON file"),
]


@pytest.mark.parametrize(("content", "said"), WRONG, ids=range(len(WRONG)))
def test_a_file_that_is_no_record(tmp_path: Path, content: Any, said: str) -> None:
    done = run(tmp_path, content)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("proof", [[], ["0" * 64] * 2, ["0" * 64] * 65])
def test_a_proof_of_the_wrong_length(tmp_path: Path, proof: list[str]) -> None:
    winner = OFFLINE["winners"][0] | {"proof": proof}
    assert run(tmp_path, OFFLINE | {"winners": [winner]}).returncode in {1, 2}


def test_a_number_out_of_range(tmp_path: Path) -> None:
    for number in (0, 6, 2**40):
        winner = OFFLINE["winners"][0] | {"number": number}
        assert run(tmp_path, OFFLINE | {"winners": [winner]}).returncode in {1, 2}


def test_no_file_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 2
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "/no/such/file"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "/no/such/file: It is not a JSON file" in done.stderr


# --- Receipts


def test_a_receipt_with_its_proofs_holds(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False, zone="UTC")
    done = run(tmp_path, *made.files())
    assert done.returncode == 0
    assert done.stdout.count("holds ") >= 9


def test_a_receipt_alone_is_not_called_fine(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False, zone="UTC")
    done = run(tmp_path, made.record, made.receipt)
    assert done.returncode == 1
    number = made.receipt["number"]
    assert f"NOT CHECKED  Ballot {number} in the sealed box" in done.stdout
    assert f"proof.json?number={number}&size=50" in done.stdout


def test_a_proof_without_its_receipt(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False, zone="UTC")
    done = run(tmp_path, made.record, made.inclusion)
    assert (done.returncode, "give that receipt, too" in done.stderr) == (2, True)


def test_two_proofs_of_the_same(tmp_path: Path) -> None:
    made = publish(Random(5), 50, is_drand=False, zone="UTC")
    done = run(tmp_path, *made.files(), made.inclusion)
    assert (done.returncode, "Two of the proofs" in done.stderr) == (2, True)


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


NO_ZONEINFO = "sys.modules['zoneinfo'] = None"


@pytest.mark.parametrize("zone", ZONES)
def test_python_3_8_reads_the_zones_of_the_system(tmp_path: Path, zone: str) -> None:
    if zone != "UTC" and not Path("/usr/share/zoneinfo", zone).exists():
        pytest.skip("needs the time zones of the system")
    made = publish(Random(5), 5, is_drand=False, zone=zone)
    done = run(tmp_path, made.record, before=NO_ZONEINFO)
    assert done.returncode == 0, done.stdout
    late = made.record | {"closes_at": made.record["closes_at"] + 900}
    assert "DOES NOT     Closing time" in run(tmp_path, late, before=NO_ZONEINFO).stdout


def test_a_zone_that_is_not_known_is_not_called_fine(tmp_path: Path) -> None:
    for before in ("pass", NO_ZONEINFO):
        done = run(tmp_path, OFFLINE | {"time_zone": "Mars/Phobos"}, before=before)
        assert done.returncode == 1
        assert "NOT CHECKED  Closing time" in done.stdout


def test_the_site_hands_out_the_very_file(db: None, stranger: Client) -> None:
    response = stranger.get(reverse("ballots:script"))
    assert response.content == SCRIPT.read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="verify_draw.py"'
