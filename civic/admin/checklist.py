"""The first steps and what is missing, in words, each with the page on which it is mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from civic.admin.missing import Lack, Named, Steps
from civic.communities.models import Community, path_of
from civic.kernel import i18n


@dataclass(frozen=True)
class Link:
    """Be one thing by name, and the page on which it is mended, where there is one."""

    title: str
    url: str = ""
    meta: str = ""


@dataclass(frozen=True)
class Item:
    """Be one thing that is missing: what, why it matters, and where it is mended.

    :ivar more: how many there are besides those that are linked.
    """

    code: str
    title: str
    why: str
    links: Sequence[Link]
    more: int
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Step:
    """Be one of the first steps: done, current or later."""

    name: str
    state: str
    text: str
    url: str
    action: str
    when: str = ""


def first_steps(steps: Steps, street: Community) -> list[Step]:
    """Return the steps that lead from an empty street to its first residents, in order."""
    posts = url_for("posts.index", community=street.slug)
    rows = [
        (
            steps.places,
            _("Places"),
            _(
                "Communities, estates, buildings: best as one table, checked before it is "
                "imported. By hand it is done under “Places, bodies and communities”."
            ),
            url_for("imports.index"),
            _("Bring in the places"),
        ),
        (
            steps.posts,
            _("Bodies and posts"),
            _("Which committees there are, and which posts, as the secretary of each community."),
            posts,
            _("Add the posts"),
        ),
        (
            steps.appointed,
            _("Appointments"),
            _("Who holds which post and how long. Their powers begin with it."),
            posts,
            _("Appoint people"),
        ),
        (
            steps.invited,
            _("Invitations"),
            _("Letters with a code for each household; with it people join."),
            url_for("desk.list_codes", community=street.slug),
            _("Make invitation codes"),
        ),
    ]
    now = next((number for number, row in enumerate(rows) if not row[0]), len(rows))
    states = [
        "done" if row[0] else "current" if n == now else "later" for n, row in enumerate(rows)
    ]
    return [Step(row[1], state, *row[2:]) for row, state in zip(rows, states, strict=True)]


def items(lacks: Sequence[Lack], street: Community, homes: Sequence[Community]) -> list[Item]:
    """Put what is missing into words."""
    slugs = {home.id: home.slug for home in homes}
    words, pages = _words(), _pages(street)
    found = []
    for lack in lacks:
        title, why = words[lack.code]
        url, action = pages.get(lack.code, ("", ""))
        found.append(
            Item(
                lack.code,
                title.replace("{count}", str(lack.count)),
                why,
                [_link(lack.code, named, street, slugs) for named in lack.named],
                max(0, lack.count - len(lack.named)) if lack.named else 0,
                url,
                action,
            )
        )
    return found


def _link(code: str, named: Named, street: Community, slugs: Mapping[int, str]) -> Link:
    near = next((slugs[node] for node in reversed(path_of(named.ids)) if node in slugs), "")
    url = {
        "vacant": lambda: url_for("posts.post", community=street.slug, post_id=named.id),
        "ending": lambda: url_for(
            "posts.appointment", community=street.slug, appointment_id=named.id
        ),
        "secretary": lambda: url_for("posts.index", community=near),
        "telephone": lambda: url_for("trees.home_form", node_id=named.id),
        "hours": lambda: url_for("trees.home_form", node_id=named.id),
        "bodies": lambda: url_for("trees.body_form", node_id=named.id),
        "buildings": lambda: url_for("desk.list_codes", community=near),
    }.get(code, str)()
    return Link(named.title, url, i18n.last_day(named.at) if named.at else "")


def _pages(street: Community) -> dict[str, tuple[str, str]]:
    """Return the pages on which all of a kind are mended."""
    table = (url_for("imports.index"), _("Fill in by a table"))
    posts = url_for("posts.index", community=street.slug)
    return {
        "telephone": table,
        "hours": table,
        "bodies": table,
        "one_administrator": (posts, _("Appoint another one")),
        "second_factor": (url_for("identities.me"), _("My account")),
        "holidays": (url_for("holidays.index"), _("Enter the holidays")),
    }


def _words() -> dict[str, tuple[str, str]]:
    return {
        "secretary": (
            _("Communities without a secretary in office: {count}"),
            _("Nobody there can open a consultation or answer for the community."),
        ),
        "telephone": (
            _("Communities without a telephone number: {count}"),
            _("It stands on every page, for whoever cannot get on alone."),
        ),
        "hours": (
            _("Communities without office hours: {count}"),
            _("Residents read when somebody answers."),
        ),
        "bodies": (
            _("Communities without a body: {count}"),
            _("The residents' committee and others are not shown anywhere yet."),
        ),
        "vacant": (
            _("Posts that nobody holds: {count}"),
            _("What such a post alone may do, nobody can do at present."),
        ),
        "ending": (
            _("Terms that end within 60 days: {count}"),
            _("The powers end with the last day by themselves. Renew in time, or appoint anew."),
        ),
        "one_administrator": (
            _("There is only one administrator"),
            _("When that person is away, nobody can appoint or help anybody back in."),
        ),
        "second_factor": (
            _("Administrators without a second factor: {count}"),
            _("Whoever learns such a password has all powers. Ask them to set one up."),
        ),
        "holidays": (
            _("Years without a table of holidays: {count}"),
            _("Without it working days are counted as if there were no holidays."),
        ),
        "mail": (
            _("No mail server is set"),
            _("Nobody gets mail. Set CIVIC_MAIL_URL and start the server again."),
        ),
        "buildings": (
            _("Buildings that nobody has been invited to: {count}"),
            _("Make invitation codes for them; nobody who lives there can join yet."),
        ),
    }
