"""Properties of the log of a ballot box, whatever is put into it in whatever portions."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.checkers import verify_draw
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import BoxFactory, submit
from lotteries.models import Lottery
from lotteries.protocol import merkle
from lotteries.protocol.leaves import ballot_leaf
from lotteries.tests import rfc9162

LOTTERY, ALICE = Lottery(id=UUID(int=1), announcement="a" * 64), User(participant=UUID(int=2))
portions = st.lists(st.lists(st.uuids(version=4), min_size=1, max_size=20), max_size=8)
leaf_lists = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


def fill(portions: list[list[UUID]]) -> tuple[BallotBox, list[int], list[str]]:
    """A box in memory, the numbers that it gave, and its head after each portion."""
    box = BallotBox(lottery=LOTTERY)
    numbers: list[int] = []
    roots: list[str] = []
    for ballots in portions:
        numbers += box.append(ALICE, ballots)[0]
        roots.append(box.root)
    return box, numbers, roots


def leaves_of(ballots: list[UUID]) -> list[bytes]:
    """The leaves that the protocol gives to ballots number 1, 2, 3 …"""
    return [
        ballot_leaf(LOTTERY.announcement, number, ballot, ALICE.pk)
        for number, ballot in enumerate(ballots, start=1)
    ]


@given(portions)
def test_numbers_have_no_gaps(portions: list[list[UUID]]) -> None:
    box, numbers, _ = fill(portions)
    assert numbers == list(range(1, box.ballot_count + 1))
    assert box.ballot_count == sum(map(len, portions))


@given(portions)
def test_each_head_is_that_of_all_leaves_so_far(portions: list[list[UUID]]) -> None:
    _, _, roots = fill(portions)
    ballots: list[UUID] = []
    for portion, root in zip(portions, roots, strict=True):
        ballots += portion
        assert root == rfc9162.tree_head(leaves_of(ballots)).hex()


@given(portions)
def test_the_box_keeps_one_peak_for_each_bit_of_its_size(portions: list[list[UUID]]) -> None:
    box, _, _ = fill(portions)
    assert len(box.peak_hashes) == box.ballot_count.bit_count()


@given(leaf_lists, st.data())
def test_every_leaf_is_proven_to_be_in_the_tree(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = rfc9162.inclusion_proof(index, leaves), root_of(leaves)
    assert verify_draw.is_included(leaves[index], index + 1, len(leaves), proof, root)
    other = merkle.leaf_hash(leaves[index])
    assert not verify_draw.is_included(other, index + 1, len(leaves), proof, root)


@given(leaf_lists, st.data())
def test_every_earlier_head_is_proven_to_be_a_prefix(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    proof = rfc9162.consistency_proof(size, leaves)
    earlier, root = root_of(leaves[:size]), root_of(leaves)
    assert verify_draw.is_consistent(size, len(leaves), earlier, root, proof)
    rewritten = root_of([*leaves[: size - 1], merkle.leaf_hash(leaves[size - 1])])
    assert not verify_draw.is_consistent(size, len(leaves), rewritten, root, proof)


def root_of(leaves: list[bytes]) -> bytes:
    """The head as the box computes it."""
    peaks, _ = merkle.extend([], 0, leaves)
    return merkle.root_of_peaks(peaks)


class StoredLogTest(TestCase):
    """The same of what is stored, and of the receipts that were handed out."""

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), min_size=1, max_size=6))
    def test_every_receipt_is_proven_against_the_stored_ballots(
        self, submitted: list[tuple[int, int]]
    ) -> None:
        people = UserFactory.create_batch(3)
        box = BoxFactory.create()
        made = [submit(box, people[who], quantity) for who, quantity in submitted]

        ballots = list(Ballot.objects.filter(box=box).order_by("number"))
        leaves = [bytes.fromhex(ballot.leaf) for ballot in ballots]
        box = BallotBox.objects.get(pk=box.pk)
        assert [ballot.number for ballot in ballots] == list(range(1, box.ballot_count + 1))
        assert box.root == rfc9162.tree_head(leaves).hex()
        for submission in made:
            size, head = submission.last_number, bytes.fromhex(submission.root)
            proof = rfc9162.consistency_proof(size, leaves)
            assert verify_draw.is_consistent(
                size, len(leaves), head, bytes.fromhex(box.root), proof
            )
            for number in submission.numbers:
                proof = rfc9162.inclusion_proof(number - 1, leaves[:size])
                assert verify_draw.is_included(leaves[number - 1], number, size, proof, head)
