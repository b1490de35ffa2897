"""The beacon: its rounds, its randomness and its signatures."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lotteries.protocol import drand
from lotteries.tests.known_answers import KNOWN

ROUNDS: list[dict[str, int]] = KNOWN["beacon_rounds"]
SIGNED = {
    42: "95a9f9f5b231b7714de1553105d8ffdf3dcda24cfdb1e689319bccf79a9c8ce4"
    "30a91b811fbfaf763900bc998b5d686a",
    123: "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482"
    "e26cd02df835d3546d23c4b13e0dfc92",
    657413: "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
    "41076862b98fad56e91a6b85b89cd97b",
}
RANDOMNESS = {
    42: "8ada64bae5c6c0f5540a6a13af56e663240edfbd2c76ac6a8f27671eb7259ce3",
    123: "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc",
    657413: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
}


@pytest.mark.parametrize("known", ROUNDS)
def test_the_announced_round(known: dict[str, int]) -> None:
    closes_at = datetime.fromtimestamp(known["closes_at"], UTC)
    assert drand.announced_round(closes_at, known["delay"]) == known["round"]


@pytest.mark.parametrize("known", ROUNDS)
def test_it_is_signed_after_the_delay_and_within_a_period(known: dict[str, int]) -> None:
    seconds = drand.round_time(known["round"]).timestamp()
    assert 0 <= seconds - known["closes_at"] - known["delay"] < drand.PERIOD


def test_there_is_no_round_before_the_first() -> None:
    with pytest.raises(ValueError, match="before the first round"):
        drand.announced_round(datetime(2023, 8, 1, tzinfo=UTC), 0)
    assert drand.latest_round(datetime(2023, 8, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize("number", [1, 2, 657413])
def test_a_round_is_the_latest_from_its_time_on(number: int) -> None:
    at = drand.round_time(number)
    assert drand.latest_round(at) == number
    assert drand.latest_round(at.replace(microsecond=999_999)) == number


@pytest.mark.parametrize("number", SIGNED)
def test_real_rounds_verify(number: int) -> None:
    assert drand.randomness(SIGNED[number]) == RANDOMNESS[number]
    assert drand.is_signed(number, SIGNED[number])


def flip(signature: str, place: int) -> str:
    return signature[:place] + f"{int(signature[place], 16) ^ 1:x}" + signature[place + 1 :]


@pytest.mark.parametrize(
    ("number", "signature"),
    [
        (43, SIGNED[42]),
        (42, SIGNED[123]),
        (42, "0" * 96),
        (42, "c0" + "0" * 94),  # the point at infinity
        (42, "f" * 96),
        *[(42, flip(SIGNED[42], place)) for place in range(96)],
    ],
)
def test_others_do_not(number: int, signature: Any) -> None:
    assert not drand.is_signed(number, signature)
