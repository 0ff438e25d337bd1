"""Kill the server fifty times amid voting: `python -m benchmarks.killing [--postgres URL]`.

The suite does the same a few times (`tests/voting/test_killing.py`).
"""

import argparse
import tempfile
from pathlib import Path

from civic.kernel import migrate
from tests.databases import make_app
from tests.voting.killing import kill_amid_voting


def main() -> None:
    """Kill, look at what is left, and say what was kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.killing", description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="civic-killing-") as name:
        folder = Path(name) / "instance"
        app = make_app(folder, given.postgres)
        with app.app_context():
            migrate.upgrade()
        kept = kill_amid_voting(app, folder, given.times)
    print(f"Killed {given.times} times amid voting; all {kept} acknowledged votes are there.")
    print("The chain is whole, and receipts in force, used rights and turnout are the same.")


if __name__ == "__main__":
    main()
