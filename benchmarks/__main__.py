"""Measure Civic against the baselines in one interleaved run: `python -m benchmarks`."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import client, measures, people, report, seed
from benchmarks.baselines import data
from benchmarks.servers import Server
from civic.app import create_app
from civic.kernel import config, migrate

#: People who vote and write in the run.
PEOPLE = 1500
BASELINES: tuple[str, ...] = ("hello", "page_sqlite", "page_orm", "insert")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="pairs of each piece (5)")
    parser.add_argument("--count", type=int, default=400, help="requests in a round (400)")
    parser.add_argument("--quick", action="store_true", help="3 rounds of 150 requests")
    parser.add_argument("--only", default="", help="only pieces whose name contains this")
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md too")
    parser.add_argument(
        "--postgres",
        default="",
        metavar="URL",
        help="measure on PostgreSQL, in this empty database (postgresql://…)",
    )
    found = parser.parse_args()
    if found.quick:
        found.rounds, found.count = 3, 150
    return found


def main() -> None:
    """Measure, print, and write what was asked for."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
        text = _measure(arguments, Path(folder))
    print(text)
    if arguments.write:
        Path(__file__).with_name("RESULTS.md").write_text(text + "\n", "utf-8")


def _measure(arguments: argparse.Namespace, folder: Path) -> str:
    environment = {"CIVIC_INSTANCE": str(folder / "civic"), "CIVIC_COMMENTS_PER_HOUR": "100000"}
    where = {"BASELINE_DB": str(folder / "baseline.sqlite3")}
    names, page, insert, database = BASELINES, "page_orm", "insert", 0
    data.make(folder / "baseline.sqlite3")
    if arguments.postgres:
        database = data.make_postgres(arguments.postgres)
        where["BASELINE_PG"] = arguments.postgres
        scheme, rest = arguments.postgres.split("://")
        environment["CIVIC_DATABASE_URL"] = f"{scheme}+psycopg://{rest}"
        names, page, insert = (*names, "page_postgres"), "page_postgres", "page_postgres"
    app = create_app(config.load(environment))
    with app.app_context():
        migrate.upgrade()
        made = seed.fill()
    signed = people.sign_in(app, PEOPLE)
    counted = report.counts(app, made, signed)
    servers = {name: Server.baseline(name, where) for name in names}
    ours = Server.civic("civic", environment)
    started = [*servers.values(), ours]
    if database:
        servers["page_postgres"].others.append(database)
        ours.others.append(database)
    try:
        for server in started:
            server.start(seed.HOME if server is ours else "/")
        found: list[report.Measured] = []
        for piece in measures.pieces(made, signed, page=page, insert=insert):
            if arguments.only in piece.name:
                warm = [piece.requests() for _ in range(40)]
                client.ask(ours.port, warm, 8)
                client.ask(servers[piece.baseline].port, [piece.against] * 40, 8)
                pairs = measures.run(piece, servers, ours, arguments.rounds, arguments.count)
                found.append((piece, pairs))
        resident = ours.memory()
    finally:
        for server in started:
            server.stop()
    starts = _starts(environment, where)
    return report.text(found, counted, resident=resident, starts=starts)


def _starts(environment: dict[str, str], where: dict[str, str]) -> tuple[float, float]:
    """Return the shortest of three starts of ours and of bare Flask with SQLAlchemy, in seconds."""
    best: dict[str, float] = {}
    for _ in range(3):
        for server in (
            Server.baseline("page_orm", where, workers=1),
            Server.civic("civic", environment),
        ):
            server.start(seed.HOME if server.name == "civic" else "/")
            server.stop()
            best[server.name] = min(server.first, best.get(server.name, server.first))
    return best["civic"], best["page_orm"]


if __name__ == "__main__":
    main()
