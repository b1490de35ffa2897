"""The names of the attacks, as --attacks takes them."""

ATTACKS = (
    "nothing",
    "half-open",
    "slow-bodies",
    "dripping",
    "lingering",
    "no-reader",
    "wrong-passwords",
    "locked-box",
    "silent-database",
    "stopped-database",
    "no-database",
)
