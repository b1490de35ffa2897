"""How much an announcement can promise. The settings have the same bounds as the doors."""

LONGEST_PRIZE = 2000  # characters
LONGEST_TERMS = 20_000
LONGEST_NOTE = 2000
MOST_PLACES = 100
MOST_BALLOTS_EACH = 1_000_000
MOST_CLAIM_DAYS = 366
