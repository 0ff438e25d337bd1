"""`civic opinions`: the map of opinions of an export; it needs no site and no database."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from civic.consultations.opinions.analysis import Opinions
    from civic.consultations.opinions.votes import Id


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def opinions(folder: Path, *, as_json: bool) -> None:
    """Find groups of like answers, and what unites them, in an export of Polis (docs/opinions.md).

    Hidden statements are left out.
    """
    from civic.consultations import polis  # noqa: PLC0415 - no other command needs it
    from civic.consultations.opinions import analysis, votes  # noqa: PLC0415 - loads numpy
    from civic.consultations.tables import BadTable  # noqa: PLC0415

    try:
        export = polis.read(folder)
        shown = {item.id: " ".join(item.text.split()) for item in export.statements}
        visible = [_id(item.id) for item in export.statements if not item.hidden]
        answers = [(_id(vote.voter), _id(vote.statement), vote.choice) for vote in export.votes]
        matrix = votes.gather(answers, visible)
        if not matrix.people:
            raise BadTable(polis.VOTES, None, "there is no vote on a statement that is shown.")  # noqa: TRY301
    except (BadTable, votes.TooLargeError) as error:
        click.echo(" ".join(str(error).split()), err=True)
        sys.exit(2)
    found = analysis.analyse(matrix, seed=analysis.seed_of(export.url, 1))
    if as_json:
        click.echo(json.dumps(analysis.as_json(found), ensure_ascii=False))
    else:
        click.echo(_report(found, {_id(name): words for name, words in shown.items()}))


def _id(name: str) -> "Id":
    """Return a number for an id that is one, as ids of exports are."""
    return int(name) if name.isascii() and name.isdecimal() and str(int(name)) == name else name


def _report(found: "Opinions", texts: "dict[Id, str]") -> str:
    lines = [f"{len(found.people)} people, {found.left_out} left out for too few answers"]
    if not found.groups:
        lines.append("Too few people for a map; what most of them share:")
    for group in found.groups:
        lines += ["", f"Group {group.label}: {len(group.members)} people"]
        lines += [
            f"  {item.answer:8} {item.figures.count}/{item.seen}  {texts[item.id]}"
            for item in group.representative
        ]
    lines += ["", "Shared by most:"]
    lines += [
        f"  {item.answer:8} {item.count}/{item.seen}  {texts[item.id]}" for item in found.consensus
    ]
    if found.across:
        lines += ["", "Agreed by every group (mean of shares):"]
        best = sorted(found.across, key=lambda name: -found.across[name])[:5]
        lines += [f"  {found.across[name]:.2f}  {texts[name]}" for name in best]
    return "\n".join(lines)
