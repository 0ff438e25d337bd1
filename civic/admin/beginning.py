"""Begin a real site: its street, its first administrator, and its language; once."""

from dataclasses import dataclass
from http import HTTPStatus

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from civic.communities import services as communities
from civic.communities import slugs, tree
from civic.communities.kinds import FOUNDED, SUBDISTRICT
from civic.communities.models import Community, Node
from civic.identities import collected
from civic.identities import services as identities
from civic.identities.kinds import ADMINISTRATOR, POSTS
from civic.identities.models import Person
from civic.identities.names import masked
from civic.kernel import audit, clock, i18n, installation
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.kernel.phones import Identifier
from civic.procedures import loading

LONGEST_NAME = 40
BASIS = "civic init"


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Hold what a site begins with.

    :ivar slug: the street's name in addresses.
    :ivar office: the office in whose name the administrator acts.
    :ivar language: HTML tag of the language in which pages are shown to whoever chose none.
    """

    street: str
    slug: str
    administrator: str
    identifier: Identifier
    password_hash: str
    office: str
    language: str


def check_empty() -> None:
    """Refuse where somebody or something is here already.

    :raises Refused: `begun`.
    """
    anything = exists().where(Node.id > 0) | exists().where(Person.id > 0)
    if db.session.scalar(select(anything)):
        raise _begun()


def _begun() -> Refused:
    return Refused(
        "begun",
        _l(
            "This site has its street already; nothing was changed. Sign in and go on in the "
            "browser, or choose another folder with CIVIC_INSTANCE."
        ),
        HTTPStatus.CONFLICT,
    )


def begin(given: Beginning) -> Community:
    """Make the street, the administrator's post and its holder, all or nothing.

    :raises Refused: `begun` where the site has begun, here or at this moment elsewhere; `name` or
        `slug` for what cannot be one.
    """
    for name in (given.street, given.administrator, given.office):
        if not 0 < len(name) <= LONGEST_NAME:
            raise Refused("name", _l("A name has 1 to 40 characters."))
    if not slugs.fits(given.slug):
        raise Refused("slug", slugs.SENTENCE)
    check_empty()
    try:
        installation.choose_language(given.language)
        db.session.flush()
    except IntegrityError as error:
        raise _begun() from error
    node = communities.add_node(SUBDISTRICT, given.street)
    street = communities.found(node, given.slug)
    tree.record(FOUNDED, tree.Act(person_id=None, at=clock.now(), basis=BASIS), [("target", node)])
    person = _administrator(given)
    post = communities.add_post(node, ADMINISTRATOR, str(POSTS[ADMINISTRATOR]), given.office)
    appointment = identities.appoint(person, post.id)
    appointment.basis = BASIS
    for act, subject in (
        ("site.begun", f"node:{node.id}"),
        ("appointment.made", f"appointment:{appointment.id}"),
    ):
        audit.append(
            act, actor="command", subject=subject, community_id=street.id, data={"source": "init"}
        )
    loading.sync()
    return street


def _administrator(given: Beginning) -> Person:
    now = clock.now()
    person = Person(
        name=given.administrator,
        public_name=masked(given.administrator),
        password_hash=given.password_hash,
        adult=True,
        agreed=collected.VERSION,
        agreed_at=now,
        language=i18n.LANGUAGES[given.language],
        created_at=now,
    )
    db.session.add(person)
    db.session.flush()
    identities.add_contact(person, given.identifier, proven=True)
    return person
