"""Ballots and notices of a case in words, and the form that links more of them."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import SelectField

from civic.communities.models import Community
from civic.consultations import linked, stage_pages
from civic.consultations.models import Consultation
from civic.consultations.stage_rows import CaseBallot
from civic.kernel.db import db
from civic.kernel.permissions import Actor, allowed
from civic.notices.models import Notice
from civic.voting.models import Ballot

NONE = "0"
#: The newest ones; what is older was linked when it was new.
MOST = 50


class LinkForm(FlaskForm):  # type: ignore[misc]
    """Ask for a formal ballot with the vote it is for, or for a notice."""

    ballot = SelectField(_l("Ballot"), validate_choice=False)
    purpose = SelectField(_l("For which vote"), validate_choice=False)
    notice = SelectField(_l("Notice that announces the next act"), validate_choice=False)

    def ask(self, community: Community, case: Consultation) -> "LinkForm":
        """Offer what belongs to the community and can be linked."""
        taken = select(CaseBallot.ballot_id)
        ballots = select(Ballot.id, Ballot.question).where(
            Ballot.community_id == community.id,
            Ballot.formal.is_(True),
            Ballot.rehearsal.is_(False),
            Ballot.id.not_in(taken),
        )
        notices = select(Notice.id, Notice.title).where(
            Notice.community_id == community.id, Notice.withdrawn_at.is_(None)
        )
        none = (NONE, str(_("none")))
        votes = linked.votes(case)
        self.purpose.choices = [(one["code"], stage_pages.words(one["title"])) for one in votes]
        self.ballot.choices = [
            none,
            *(
                (str(row[0]), row[1])
                for row in db.session.execute(ballots.order_by(Ballot.id.desc()).limit(MOST))
            ),
        ]
        self.notice.choices = [
            none,
            *(
                (str(row[0]), row[1])
                for row in db.session.execute(notices.order_by(Notice.id.desc()).limit(MOST))
            ),
        ]
        return self


def writes(actor: Actor, community: Community) -> list[tuple[str, str]]:
    """Return where somebody writes what can be linked here: words and address."""
    pages = [
        ("notices.draft", "notice_desk.new", _("Write a notice")),
        ("ballots.manage", "rolls.index", _("Rolls of voters")),
        ("ballots.manage", "ballot_desk.new", _("Write a ballot")),
    ]
    return [
        (words, url_for(endpoint))
        for permission, endpoint, words in pages
        if allowed(actor, permission, community.path)
    ]


def rows(case: Consultation) -> list[tuple[str, str, str]]:
    """Return the ballots and notices of a case: title, address, what each is."""
    names = {one["code"]: stage_pages.words(one["title"]) for one in linked.votes(case)}
    found = [
        (
            ballot.question,
            url_for("ballots.show", ballot_id=ballot.id),
            _("Ballot for “%(vote)s”", vote=names.get(link.purpose, link.purpose)),
        )
        for link, ballot in linked.ballots(case.id)
    ]
    found += [
        (
            notice.title,
            url_for("notices.show", notice_id=notice.id),
            _("Notice %(number)s", number=notice.number)
            if notice.number
            else _("Notice, not issued yet"),
        )
        for _link, notice in linked.notices(case.id)
    ]
    return found
