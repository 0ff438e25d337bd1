"""Pages on which the administrator keeps the days off of each year."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from babel.dates import format_date
from flask import Blueprint, Response, abort, flash, g, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from civic.admin.forms import HolidayFileForm, HolidayTableForm
from civic.communities import services as communities
from civic.kernel import clock, daysoff, holidays, permissions, sheets
from civic.kernel.daysoff import TableWrong
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.holidays import HolidayYear
from civic.kernel.htmx import see_other
from civic.kernel.periods import HolidayTable
from civic.kernel.permissions import Held
from civic.kernel.problems import Problem
from civic.kernel.sheets import Row, SheetRefused

bp = Blueprint("holidays", __name__, url_prefix="/admin/holidays")

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: A page shows this many problems of a file; more would help nobody.
MOST_PROBLEMS = 100


def _post() -> Held:
    """Return the post in which the actor administers a whole street; the tables hold for all.

    :raises Refused: when there is none.
    """
    roots = sorted({community.path[:1] for community in communities.homes()})
    mine = [root for root in roots if permissions.allowed(g.actor, "admin.manage", root)]
    root = mine[0] if mine else ()
    permissions.check(g.actor, "admin.manage", root)
    return g.actor.posts_at(root)[0]


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show which years are here, which are missing, and the form for a table."""
    _post()
    return _index(HolidayFileForm())


def _index(
    form: HolidayFileForm,
    problems: Sequence[Problem] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    years = db.session.scalars(select(HolidayYear).order_by(HolidayYear.year.desc())).all()
    current = clock.local(clock.now()).year
    here = {row.year for row in years}
    page = render_template(
        "admin/holidays.html",
        form=form,
        years=years,
        missing=[year for year in (current, current + 1) if year not in here],
        current=current,
        problems=problems[:MOST_PROBLEMS],
        more=max(len(problems) - MOST_PROBLEMS, 0),
    )
    return page, status


@bp.get("/<int:year>/")
def show(year: int) -> ResponseReturnValue:
    """Show the table of a year."""
    _post()
    row = db.session.get(HolidayYear, year)
    if row is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template(
        "admin/holiday_year.html", row=row, months=_months(holidays.table_of(row))
    )


@bp.get("/template.<any(xlsx, csv):kind>")
def template(kind: str) -> ResponseReturnValue:
    """Send a table to fill in."""
    _post()
    header = [column.names[0] for column in daysoff.COLUMNS]
    data = (
        sheets.write_xlsx([], header, _("Days off"))
        if kind == "xlsx"
        else sheets.write_csv([], header)
    )
    return _file(data, f"holidays.{kind}", kind)


def _file(data: bytes, name: str, kind: str) -> Response:
    answer = make_response(data)
    answer.headers["Content-Type"] = MEDIA_TYPES[kind]
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.post("/check")
def check() -> ResponseReturnValue:
    """Read a file and show what it says; nothing is kept."""
    _post()
    form = HolidayFileForm()
    if not form.validate_on_submit():
        return _index(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        found = sheets.table(
            sheets.read(form.file.data.stream, form.file.data.filename or ""), daysoff.COLUMNS
        )
        # What is wrong with cells and what is wrong with days is told together.
        problems = [each for each in found.problems if not each.notice and each.code != "duplicate"]
        table = _read(found.rows, form.source.data or "", problems)
    except SheetRefused as refused:
        form.file.errors = [*form.file.errors, str(refused)]
        return _index(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if table is None:
        return _index(form, problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    return render_template(
        "admin/holiday_check.html",
        form=HolidayTableForm(
            formdata=None,
            days="\n".join(" ".join(row) for row in daysoff.as_rows(table)),
            source=table.source,
        ),
        table=table,
        months=_months(table),
        before=db.session.get(HolidayYear, table.year),
        notices=[problem for problem in found.problems if problem.notice],
    )


def _read(rows: Sequence[Row], source: str, problems: list[Problem]) -> HolidayTable | None:
    """Return the table of the rows, or nothing and what is wrong with it in `problems`."""
    try:
        table = daysoff.read_table(rows, source)
    except TableWrong as wrong:
        if rows or not problems:
            problems += wrong.problems
            problems.sort(key=lambda problem: problem.row or 0)
        return None
    return None if problems else table


@bp.post("/")
def keep() -> ResponseReturnValue:
    """Keep the table that was shown, in place of the one of the same year."""
    post = _post()
    form = HolidayTableForm()
    lines = [line.split() for line in (form.days.data or "").splitlines()]
    rows = [
        Row(number=number, values={"date": line[0], "kind": line[-1]})
        for number, line in enumerate(lines, 1)
        if line
    ]
    table = _read(rows, form.source.data or "", []) if form.validate_on_submit() else None
    if table is None:
        # The page makes only tables that are whole.
        raise Refused("holidays.lost", _("Something got lost on the way. Please upload it again."))
    holidays.replace(table, g.actor.person_id, post=post.title)
    db.session.commit()
    flash(_("The days off of %(year)s are kept.", year=table.year), "done")
    return see_other(url_for("holidays.show", year=table.year))


def _months(table: HolidayTable) -> list[tuple[str, list[str], list[str]]]:
    """Return the months of a table in words: their name, the runs of days off, the days worked."""
    return [
        (
            format_date(first, "LLLL", get_locale()),
            [_in_words(*span) for span in daysoff.spans(off)],
            [_in_words(day, day) for day in work],
        )
        for first, off, work in daysoff.months(table)
    ]


def _in_words(first: date, last: date) -> str:
    if first != last:
        return _("%(first)s–%(last)s", first=first.day, last=last.day)
    weekday = format_date(first, "EEE", get_locale())
    return _("%(day)s (%(weekday)s)", day=first.day, weekday=weekday)
