"""The limits on what is not a guess.

All that hashes passwords for one network comes, by default, to 9 hashes a second: fewer than two
cores make, and as many as one program that waits for each answer can ask for.
"""

from django.conf import settings

from accounts.limits.counting import Limit

# A person who asks again and again is told to look into the mails that were sent.
RESET_MAILS_TO_AN_ADDRESS = Limit("reset mails to an address", most=3, seconds=3600)
RESET_MAILS_OF_A_NETWORK = Limit("reset mails of a network", most=60, seconds=3600)
CONFIRMATIONS_TO_AN_ADDRESS = Limit("confirmations to an address", most=3, seconds=3600)
CONFIRMATIONS_OF_A_NETWORK = Limit("confirmations of a network", most=60, seconds=3600)
# All that is kept of a person, read row by row.
DOWNLOADS = Limit("downloads of data", most=10, seconds=3600)


def registrations() -> Limit:
    """Of a network: new accounts, right or wrong filled in."""
    return Limit("registrations", *settings.REGISTER_RATE)


def password_hashes() -> Limit:
    """Of a network: signing in, changing the password, and setting it by a mailed link."""
    return Limit("password hashes", *settings.LOGIN_RATE)


def tokens() -> Limit:
    """Of an account: access tokens issued."""
    return Limit("tokens", *settings.LOGIN_RATE)


def spend_confirmation(address: str, network: str) -> None:
    """Counts a link to confirm an address. Raises TooManyRequests."""
    CONFIRMATIONS_OF_A_NETWORK.spend(network)
    CONFIRMATIONS_TO_AN_ADDRESS.spend(address)
