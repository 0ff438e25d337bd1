"""What is stored about a person's account, and how it is given out and erased."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update

from civic.identities import duties
from civic.identities.models import Contact, GuardianConsent, Person
from civic.identities.names import GONE
from civic.kernel import clock, i18n
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table

#: In which mail is written.
LANGUAGES = {"zh_Hans_CN": "中文", "en": "English"}
KINDS = {"phone": _l("telephone number"), "email": _l("e-mail address")}


def _account(person_id: int) -> list[Table]:
    person = db.session.get_one(Person, person_id)
    children = select(func.count(Person.id)).where(Person.guardian_id == person_id)
    contacts = db.session.scalars(
        select(Contact).filter_by(person_id=person_id).order_by(Contact.id)
    )
    consent = db.session.get(GuardianConsent, person_id)
    return [
        Table(
            "account",
            _l("Your account"),
            {
                "name": _l("Real name"),
                "public_name": _l("As others read you"),
                "adult": _l("18 or older"),
                "language": _l("Language"),
                "created_at": _l("Made"),
                "notice": _l("Notice on personal data agreed to"),
                "agreed_at": _l("Agreed"),
                "guardian": _l("A guardian answers for this account"),
                "children": _l("Children whose guardian you are"),
            },
            [
                (
                    person.name,
                    person.public_name,
                    person.adult,
                    LANGUAGES.get(person.language, person.language),
                    person.created_at,
                    person.agreed,
                    person.agreed_at,
                    person.guardian_id is not None,
                    db.session.scalar(children),
                )
            ],
        ),
        Table(
            "contacts",
            _l("What you sign in with"),
            {"kind": _l("Kind"), "value": _l("Number or address"), "proven_at": _l("Proven")},
            [(KINDS[item.kind], item.value, item.proven_at) for item in contacts],
        ),
        Table(
            "consent",
            _l("Consent of the guardian, seen on paper"),
            {"seen_on": _l("Day on the paper"), "recorded_at": _l("Recorded")},
            [(consent.seen_on, consent.recorded_at)] if consent else [],
        ),
    ]


def _close_account(person_id: int) -> None:
    db.session.execute(delete(Contact).filter_by(person_id=person_id))
    db.session.execute(delete(GuardianConsent).filter_by(child_id=person_id))
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            name="",
            public_name=GONE,
            password_hash="",
            guardian_id=None,
            language=i18n.LANGUAGES[i18n.DEFAULT],
            closed_at=clock.now(),
        )
    )


ACCOUNT = Part(
    owner="account",
    title=_l("Account"),
    stored=(
        Collected(
            _l("Your name"),
            _l("So that the community office knows who takes part. Others read it masked, as 张*."),
            _l("until you close your account"),
        ),
        Collected(
            _l("A telephone number or an e-mail address"),
            _l("So that you can sign in. Nobody else sees it."),
            _l("until you change it or close your account"),
        ),
        Collected(
            _l(
                "Whether you are %(adult)d or older; for a child under %(child)d, its guardian",
                adult=duties.adult_from(),
                child=duties.child_below(),
            ),
            _l(
                "Voting needs %(adult)d years. An account under %(child)d needs the consent of a "
                "guardian.",
                adult=duties.adult_from(),
                child=duties.child_below(),
            ),
            _l("until you close your account"),
        ),
    ),
    export=_account,
    forget=_close_account,
    keeps=(
        Kept(
            _l("A number without a name"),
            _l("What stays in the record hangs on it. It leads to nobody any more."),
        ),
    ),
)
