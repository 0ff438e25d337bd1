"""`civic tally` and `civic verify`: count or check a file; they need no site and no database."""

import sys
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--method",
    required=True,
    help="plurality, approval, score, borda, irv, stv, schulze, ranked-pairs, greedy, equal-shares "
    "or dots.",
)
@click.option("--seats", default="1", show_default=True)
@click.option(
    "--completion",
    default="none",
    show_default=True,
    help="Of equal-shares: none, add1, add1u, exhaustive or add1-comparison.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def tally(file: Path, method: str, seats: str, completion: str, *, as_json: bool) -> None:
    """Count the election in a file of PrefLib or Pabulib (.soc .soi .toc .toi .cat .pb)."""
    from civic.voting import formats, tallying  # noqa: PLC0415 - no other command needs it

    try:
        if not (seats.isascii() and seats.isdigit()):
            message = f"“{seats}” is not a number of seats"
            raise ValueError(message)  # noqa: TRY301 - all that is wrong is said in one place
        election = formats.read(file)
        count = tallying.count(election, method, seats=int(seats), completion=completion)
    except ValueError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(tallying.as_json(count) if as_json else tallying.report(election, count))


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--closing", default="", metavar="HASH", help="Hash of the closing record.")
@click.option("--combined", default="", metavar="HASH", help="Hash of what a jury gave together.")
def verify(bundle: tuple[Path, ...], closing: str, combined: str) -> None:
    """Check the file of a ballot, as the program verify.py does that anybody can load."""
    from civic.voting import verifying  # noqa: PLC0415 - no other command needs it

    given = [str(one) for one in bundle]
    given += ["--closing", closing] if closing else []
    given += ["--combined", combined] if combined else []
    sys.exit(verifying.program().main(given))
