"""What the lists keep about people: given out to them, and forgotten with their account."""

from typing import Any

from sqlalchemy import Select, select, update

from civic.api import Table, db
from civic.api import lazy_gettext as _l
from civic_party.joint_models import Match, Project, ProjectStep, Rating
from civic_party.list_models import Need, Resource

#: Columns that name a person; what they did stays, without them.
NAMED: tuple[Any, ...] = (
    Need.posted_by,
    Need.checked_by,
    Resource.posted_by,
    Resource.checked_by,
    Match.proposed_by,
    Match.need_yes_by,
    Match.resource_yes_by,
    ProjectStep.done_by,
    Rating.by_id,
)


def export(person_id: int) -> list[Table]:
    """Return all that the lists keep about a person."""
    return [_posted(person_id), _answered(person_id), _projects(person_id)]


def _posted(person_id: int) -> Table:
    rows: list[tuple[object, ...]] = []
    models: tuple[type[Need | Resource], ...] = (Need, Resource)
    for model in models:
        query: Select[Any] = select(model).where(
            (model.posted_by == person_id) | (model.checked_by == person_id)
        )
        rows += [
            (
                row.title,
                row.posted_at if row.posted_by == person_id else None,
                row.checked_at if row.checked_by == person_id else None,
            )
            for row in db.session.scalars(query.order_by(model.id))
        ]
    return Table(
        name="party_posted",
        title=_l("Needs and resources that you posted or checked"),
        columns={"title": _l("What"), "posted": _l("Posted"), "checked": _l("Checked")},
        rows=rows,
    )


def _answered(person_id: int) -> Table:
    mine = (
        (Match.proposed_by == person_id)
        | (Match.need_yes_by == person_id)
        | (Match.resource_yes_by == person_id)
    )
    found = db.session.scalars(select(Match).where(mine).order_by(Match.id))
    return Table(
        name="party_proposals",
        title=_l("Proposals that you made or accepted"),
        columns={
            "need": _l("Need"),
            "resource": _l("Resource"),
            "proposed": _l("Proposed"),
            "reason": _l("Reason"),
            "need_yes": _l("Yes for the side in need"),
            "resource_yes": _l("Yes for the side with the resource"),
        },
        rows=[
            (
                row.need.title,
                row.resource.title,
                row.proposed_at if row.proposed_by == person_id else None,
                row.reason if row.proposed_by == person_id else "",
                row.need_yes_at if row.need_yes_by == person_id else None,
                row.resource_yes_at if row.resource_yes_by == person_id else None,
            )
            for row in found
        ],
    )


def _projects(person_id: int) -> Table:
    rated = (
        select(Project.title, Rating.stars, Rating.words, Rating.at)
        .join(Rating, Rating.project_id == Project.id)
        .where(Rating.by_id == person_id)
        .order_by(Rating.id)
    )
    done = (
        select(Project.title, ProjectStep.words, ProjectStep.done_at)
        .join(ProjectStep, ProjectStep.project_id == Project.id)
        .where(ProjectStep.done_by == person_id)
        .order_by(ProjectStep.id)
    )
    rows: list[tuple[object, ...]] = [tuple(row) for row in db.session.execute(rated)]
    rows += [(title, None, words, at) for title, words, at in db.session.execute(done)]
    return Table(
        name="party_projects",
        title=_l("Joint projects that you rated, and steps that you noted as done"),
        columns={
            "project": _l("Project"),
            "stars": _l("Stars"),
            "words": _l("Words"),
            "at": _l("When"),
        },
        rows=rows,
    )


def forget(person_id: int) -> None:
    """Let needs, answers and ratings stay, without the person; the words of a rating go.

    A proposal that waits for a group of which this was the only voice is answered by the office.
    """
    words = update(Rating).where(Rating.by_id == person_id)
    db.session.execute(words.values(words=""))
    for column in NAMED:
        changed = update(column.class_).where(column == person_id)
        db.session.execute(changed.values({column.key: None}))
