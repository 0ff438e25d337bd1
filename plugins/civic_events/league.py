"""Leagues of units: teams, fixtures, results. Teams are ranked; people never are."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from civic.api import Actor, Community, Model, Owned, Refused, db
from civic.api import lazy_gettext as _l
from civic_events import rounds
from civic_events.manifest import plugin

LEAST, MOST, LONGEST, HIGHEST = 2, 32, 40, 999


class League(Owned, Model):
    """Be a league of one season."""

    __table_args__ = (UniqueConstraint("community_id", "title"),)

    title: Mapped[str]


class Team(Model):
    """Be the team of a unit."""

    __table_args__ = (UniqueConstraint("league_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    league_id: Mapped[int] = mapped_column(ForeignKey("events_league.id"))
    name: Mapped[str]


class Fixture(Model):
    """Be one meeting of two teams, and what came of it."""

    __table_args__ = (
        UniqueConstraint("league_id", "home_id", "away_id"),
        CheckConstraint("home_id <> away_id", name="teams"),
        CheckConstraint("(home_score IS NULL) = (away_score IS NULL)", name="result"),
        CheckConstraint(
            "home_score BETWEEN 0 AND 999 AND away_score BETWEEN 0 AND 999", name="scores"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    league_id: Mapped[int] = mapped_column(ForeignKey("events_league.id"))
    round: Mapped[int]
    home_id: Mapped[int] = mapped_column(ForeignKey("events_team.id"))
    away_id: Mapped[int] = mapped_column(ForeignKey("events_team.id"))
    home_score: Mapped[int | None]
    away_score: Mapped[int | None]


def every(community: Community) -> Sequence[League]:
    """Return the leagues of a community, the newest first."""
    query = select(League).filter_by(community_id=community.id).order_by(League.id.desc())
    return db.session.scalars(query.limit(50)).all()


def one(community: Community, league_id: int) -> League:
    """Return a league of a community.

    :raises Refused: 404 where there is none.
    """
    found = db.session.get(League, league_id)
    if found is None or found.community_id != community.id:
        raise Refused("no_league", _l("There is no such league here."), HTTPStatus.NOT_FOUND)
    return found


def begin(actor: Actor, community: Community, title: str, names: Sequence[str]) -> League:
    """Begin a league: all meet each other once.

    :raises Refused: `title`, `teams` for too few, too many, or one twice.
    """
    title = title.strip()[:80]
    if not title:
        raise Refused("title", _l("Please give the league a name."))
    tidy = [" ".join(name.split())[:LONGEST] for name in names if name.strip()]
    if not LEAST <= len(tidy) <= MOST or len(set(tidy)) < len(tidy):
        message = _l("Please name 2 to 32 teams, each once, one on a line.")
        raise Refused("teams", message)
    known = select(League.id).filter_by(community_id=community.id, title=title)
    if db.session.scalar(known) is not None:
        message = _l("There is a league of this name. Add the year to the name.")
        raise Refused("title", message, HTTPStatus.CONFLICT)
    made = League(community_id=community.id, title=title)
    db.session.add(made)
    db.session.flush()
    teams = [Team(league_id=made.id, name=name) for name in tidy]
    db.session.add_all(teams)
    db.session.flush()
    for number, pairs in enumerate(rounds.fixtures([team.id for team in teams]), 1):
        db.session.add_all(
            Fixture(league_id=made.id, round=number, home_id=home, away_id=away)
            for home, away in pairs
        )
    db.session.flush()
    subject = f"events_league:{made.id}"
    data = {"teams": len(teams)}
    plugin.audit("league", community=community, subject=subject, actor=actor, data=data)
    return made


def teams(league: League) -> dict[int, str]:
    """Return the names of the teams, by their numbers."""
    query = select(Team.id, Team.name).filter_by(league_id=league.id).order_by(Team.id)
    return {row.id: row.name for row in db.session.execute(query)}


def fixtures(league: League) -> Sequence[Fixture]:
    """Return all meetings, round by round."""
    query = select(Fixture).filter_by(league_id=league.id)
    return db.session.scalars(query.order_by(Fixture.round, Fixture.id)).all()


def table(league: League, met: Sequence[Fixture]) -> list[rounds.Standing]:
    """Return where the teams stand."""
    results = [
        rounds.Result(row.home_id, row.away_id, row.home_score, row.away_score)
        for row in met
        if row.home_score is not None and row.away_score is not None
    ]
    return rounds.standings(teams(league), results)


def record(
    actor: Actor, community: Community, league: League, fixture_id: int, home: int, away: int
) -> None:
    """Write down what came of a meeting; a mended result stands in the audit with the one before.

    :raises Refused: `scores`, 404 for a meeting of another league.
    """
    if not (0 <= home <= HIGHEST and 0 <= away <= HIGHEST):
        raise Refused("scores", _l("Please give both results as numbers from 0 on."))
    row = db.session.get(Fixture, fixture_id)
    if row is None or row.league_id != league.id:
        message = _l("There is no such meeting in this league.")
        raise Refused("no_fixture", message, HTTPStatus.NOT_FOUND)
    before = None if row.home_score is None else [row.home_score, row.away_score]
    query = update(Fixture).filter_by(id=row.id).values(home_score=home, away_score=away)
    db.session.execute(query)
    db.session.refresh(row)
    plugin.audit(
        "result",
        community=community,
        subject=f"events_fixture:{row.id}",
        actor=actor,
        data={"result": [home, away], "before": before},
    )
