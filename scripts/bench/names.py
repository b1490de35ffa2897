"""The names of the cases, as --cases takes them."""

PAGES = (
    "submit-api",
    "submit-form",
    "submit-100-api",
    "submit-100-form",
    "lottery-stranger",
    "lottery-participant",
    "lottery-drawn",
    "home",
    "open",
    "results",
    "my-ballots",
    "my-entry",
    "api-lottery",
    "api-list",
    "api-winner",
    "api-results",
)
CASES = (*PAGES, "contention", "verify")
