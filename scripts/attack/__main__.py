"""python -m attack: what `make attack` runs, on a PostgreSQL of its own."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.site import at_least_one, set_up_site

from attack.names import ATTACKS


def main() -> None:
    parser = argparse.ArgumentParser(prog="make attack", description=__doc__)
    parser.add_argument("--attacks", nargs="+", choices=ATTACKS, default=ATTACKS, metavar="NAME")
    parser.add_argument("--seconds", type=at_least_one, default=15, help="of each attack: 15")
    parser.epilog = f"The attacks: {', '.join(ATTACKS)}."
    asked = parser.parse_args()
    if not Path("/proc/net/tcp").exists():
        sys.exit("The connections that are left are read in /proc, which Linux has.")
    with TemporaryDirectory() as folder:
        set_up_site(folder)
        from attack.running import run  # its models need the site

        sys.exit(run(asked.attacks, asked.seconds))


if __name__ == "__main__":
    main()
