"""Read the export format of Polis: four tables that must agree with each other (pure).

Facts of the format, seen in real exports: +1 agrees, -1 disagrees, 0 passes; somebody may answer a
statement several times, the latest answer counts; the columns `agrees` and `disagrees` of
comments.csv count every row of votes.csv, superseded ones too, while participants-votes.csv shows
the latest answers only; `moderated` is -1 for statements that were hidden, 0 for unlooked-at ones.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from civic.consultations.tables import BadTable, Row, lines, rows

COMMENTS, VOTES = "comments.csv", "votes.csv"
PARTICIPANTS, SUMMARY = "participants-votes.csv", "summary.csv"
#: Beside an export may lie how its makers want to be named, in Markdown; its first line is short.
ATTRIBUTION = "ATTRIBUTION.md"

AGREE, DISAGREE, HIDDEN = 1, -1, -1
_COUNTS = ("n-comments", "n-votes", "n-agree", "n-disagree")
_COMMENT = ("timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated")


@dataclass(frozen=True)
class Statement:
    """Hold a statement of an export."""

    id: str
    author: str
    at: datetime
    text: str
    hidden: bool


@dataclass(frozen=True)
class Vote:
    """Hold somebody's latest answer to a statement."""

    statement: str
    voter: str
    choice: int
    at: datetime


@dataclass(frozen=True)
class Export:
    """Hold a whole export, checked.

    :ivar votes: the latest answers only.
    :ivar rows: how many answers there were, superseded ones included.
    :ivar acts: statements written and answers given, by participant.
    """

    topic: str
    url: str
    description: str
    attribution: str
    statements: tuple[Statement, ...]
    votes: tuple[Vote, ...]
    rows: int
    acts: dict[str, int]

    @property
    def credit(self) -> str:
        """Return whom to name beside the title."""
        return self.attribution.partition("\n")[0].strip()

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return the first and the last moment at which something was said or answered."""
        moments = [item.at for item in self.statements] + [item.at for item in self.votes]
        return min(moments), max(moments)


def read(folder: Path) -> Export:
    """Read an export and check that its tables agree.

    :raises BadTable: at the first row that is wrong, with file, line and reason.
    """
    summary = _summary(folder)
    comments = list(rows(folder, COMMENTS, (*_COMMENT, "comment-body")))
    statements = _statements(comments)
    known = {item.id for item in statements}
    every = Counter[tuple[str, int]]()
    latest: dict[tuple[str, str], Vote] = {}
    for row in rows(folder, VOTES, ("timestamp", "comment-id", "voter-id", "vote")):
        vote = Vote(
            row.name("comment-id"),
            row.name("voter-id"),
            row.number("vote", (-1, 0, 1)),
            row.moment(),
        )
        if vote.statement not in known:
            row.refuse(f"there is no statement {vote.statement} in {COMMENTS}.")
        every[vote.statement, vote.choice] += 1
        earlier = latest.get((vote.statement, vote.voter))
        if earlier is None or vote.at >= earlier.at:
            latest[vote.statement, vote.voter] = vote
    if not latest:
        raise BadTable(VOTES, None, "there is no vote in it.")
    for row in comments:
        for column, choice in (("agrees", AGREE), ("disagrees", DISAGREE)):
            _agree(row, column, every[row.name("comment-id"), choice], VOTES)
    authors = Counter(item.author for item in statements)
    _participants(folder, known, latest, authors)
    voters = Counter(voter for _statement, voter in latest)
    for key, count in (
        ("voters", len(voters)),
        ("commenters", len(authors)),
        ("comments", len(statements)),
    ):
        _agree(summary[key], "value", count, "the other tables", says=key)
    attribution = folder / ATTRIBUTION
    return Export(
        topic=summary["topic"].name("value"),
        url=summary["url"].cells["value"].strip(),
        description=summary["conversation-description"].cells["value"],
        attribution=attribution.read_text("utf-8") if attribution.is_file() else "",
        statements=statements,
        votes=tuple(latest.values()),
        rows=every.total(),
        acts=dict(voters + authors),
    )


def _agree(row: Row, column: str, count: int, where: str, says: str = "") -> None:
    if (value := row.number(column)) != count:
        row.refuse(f"{says or column} is {value}, but by {where} it is {count}.")


def _statements(rows: list[Row]) -> tuple[Statement, ...]:
    found: dict[str, Statement] = {}
    for row in rows:
        name = row.name("comment-id")
        if name in found:
            row.refuse(f"there are two statements {name}.")
        hidden = row.number("moderated", (-1, 0, 1)) == HIDDEN
        body = row.name("comment-body")
        found[name] = Statement(name, row.name("author-id"), row.moment(), body, hidden)
    return tuple(found.values())


def _participants(
    folder: Path, known: set[str], latest: dict[tuple[str, str], Vote], authors: Counter[str]
) -> None:
    """Check the table that shows each participant's latest answers side by side."""
    choices: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for vote in latest.values():
        choices[vote.voter][vote.choice] += 1
    missing = choices.keys() | authors.keys()
    seen = set[str]()
    fixed = {"participant", "group-id", *_COUNTS}
    for row in rows(folder, PARTICIPANTS, ("participant", *_COUNTS)):
        name = row.name("participant")
        if name in seen:
            row.refuse(f"participant {name} has a second row.")
        seen.add(name)
        mine = choices[name]
        counts = (authors[name], mine.total(), mine[AGREE], mine[DISAGREE])
        for column, count in zip(_COUNTS, counts, strict=True):
            where = COMMENTS if column == "n-comments" else f"the latest answers of {VOTES}"
            _agree(row, column, count, where)
        for column, cell in row.cells.items():
            if column in fixed:
                continue
            if column not in known:
                raise BadTable(PARTICIPANTS, 1, f"there is no statement {column} in {COMMENTS}.")
            vote_here = latest.get((column, name))
            wanted = str(vote_here.choice) if vote_here else ""
            if cell.strip() != wanted:
                shown = f"“{cell}”, but the latest of {VOTES} “{wanted}”."
                row.refuse(f"the answer to statement {column} is {shown}")
    if missing - seen:
        raise BadTable(PARTICIPANTS, None, f"participant {min(missing - seen)} has no row.")


def _summary(folder: Path) -> dict[str, Row]:
    found = {
        cells[0]: Row(SUMMARY, line, {"value": cells[1]})
        for line, cells in lines(folder, SUMMARY)
        if len(cells) == 2  # noqa: PLR2004 - a name and a value
    }
    for key in ("topic", "url", "voters", "commenters", "comments", "conversation-description"):
        if key not in found:
            raise BadTable(SUMMARY, None, f"there is no line “{key}”.")
    return found
