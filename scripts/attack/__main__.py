"""python -m attack: what `make attack` runs, on a PostgreSQL of its own."""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from attack.names import ATTACKS

# Of a site that decides nothing, whatever .env says.
DECIDED = (
    "SITE_URL TRUSTED_PROXIES LOTTERY_BALLOTS_EACH SUBMISSION_RATE LOGIN_RATE DRAW_BEACON "
    "EMAIL_URL EMAIL_URL_FILE DEBUG SECRET_KEY SECRET_KEY_FILE STATIC_ROOT BIND_ADDRESS PORT"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make attack", description=__doc__)
    parser.add_argument("--attacks", nargs="+", choices=ATTACKS, default=ATTACKS, metavar="NAME")
    parser.add_argument("--seconds", type=int, default=15, help="of each attack: 15")
    parser.epilog = f"The attacks: {', '.join(ATTACKS)}."
    asked = parser.parse_args()
    if not Path("/proc/net/tcp").exists():
        sys.exit("The connections that are left are read in /proc, which Linux has.")
    with TemporaryDirectory() as folder:
        os.environ |= dict.fromkeys(DECIDED.split(), "")
        os.environ |= {"DATA_DIR": folder, "WEB_CONCURRENCY": "2"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "lottery_site.settings"
        import django

        django.setup()
        from attack.running import run  # its models need the site

        sys.exit(run(asked.attacks, asked.seconds))


if __name__ == "__main__":
    main()
