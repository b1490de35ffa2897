"""What `make bench` and `make bench-check` run, on a PostgreSQL of their own."""

import argparse
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.names import CASES, PAGES
from bench.site import at_least_one, set_up_site

DESCRIPTION = (
    "Measures what requests cost beside a bare hello. Options stand in BENCH_ARGS; "
    "docs/performance.md says how to read the tables."
)
LEAST_BALLOTS, BALLOTS, LARGE = 50_000, 1_000_000, 10_000_000


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=DESCRIPTION)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=CASES, metavar="NAME")
    parser.add_argument("--seconds", type=at_least_one, default=3, help="of each measurement: 3")
    parser.add_argument("--rounds", type=at_least_one, default=3, help="whose median counts: 3")
    parser.add_argument("--connections", type=at_least_one, nargs="+", default=[2, 16, 64])
    parser.add_argument("--ballots", type=int, default=BALLOTS, help=f"in all: {BALLOTS}")
    parser.add_argument("--large", action="store_const", const=LARGE, dest="ballots")
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    parser.add_argument("--profile", choices=PAGES, metavar="NAME", help="where its time goes")
    parser.epilog = f"The cases: {', '.join(CASES)}."
    asked = parser.parse_args()
    if asked.ballots < LEAST_BALLOTS:
        parser.error(f"--ballots must be at least {LEAST_BALLOTS}.")
    return asked


def main() -> None:
    asked = read_arguments()
    for program in ("wrk", "pgbench"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed: apt-get install wrk postgresql has both.")
    if not Path("/proc/self/stat").exists():
        sys.exit("The processor time of others is read in /proc, which Linux has.")
    with TemporaryDirectory() as folder:
        set_up_site(folder)
        from bench.running import run  # its models need the site

        sys.exit(run(asked))


if __name__ == "__main__":
    main()
