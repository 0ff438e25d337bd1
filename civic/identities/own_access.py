"""What is stored about signing in, and about who looked at somebody's data."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from civic.identities import duties
from civic.identities.credentials import BackupCode, RecoveryCode, SecondFactor, SignIn
from civic.identities.looks import WHAT, seen
from civic.kernel.db import db
from civic.kernel.own_data import Collected, Kept, Part, Table


def _access(person_id: int) -> list[Table]:
    sessions = db.session.scalars(
        select(SignIn).filter_by(person_id=person_id).order_by(SignIn.id)
    ).all()
    factor = db.session.get(SecondFactor, person_id)
    backup = db.session.scalar(
        select(func.count()).select_from(BackupCode).filter_by(person_id=person_id, used_at=None)
    )
    codes = db.session.scalars(
        select(RecoveryCode).filter_by(person_id=person_id).order_by(RecoveryCode.id)
    ).all()
    return [
        Table(
            "sessions",
            _l("Devices on which you signed in"),
            {"device": _l("Device"), "from": _l("From"), "until": _l("Until")},
            [(item.device, item.began_at, item.ends_at) for item in sessions],
        ),
        Table(
            "second_factor",
            _l("Second step when signing in"),
            {
                "made_at": _l("Made"),
                "confirmed_at": _l("Confirmed"),
                "backup_codes": _l("Unused backup codes"),
            },
            [(factor.made_at, factor.confirmed_at, backup)] if factor else [],
        ),
        Table(
            "recovery_codes",
            _l("Codes to choose a new password"),
            {"by": _l("Made where"), "made_at": _l("When"), "used_at": _l("Used")},
            [
                (
                    _l("at the desk") if code.made_by else _l("by mail"),
                    code.made_at,
                    code.used_at,
                )
                for code in codes
            ],
        ),
    ]


def _lock_out(person_id: int) -> None:
    for model in (SignIn, SecondFactor, BackupCode, RecoveryCode):
        db.session.execute(delete(model).filter_by(person_id=person_id))


ACCESS = Part(
    owner="access",
    title=_l("Signing in"),
    stored=(
        Collected(
            _l("Your password, scrambled, and the devices on which you are signed in"),
            _l("So that nobody else gets in, and you can end a session from afar."),
            _l("until you sign out there, change it, or close your account"),
        ),
    ),
    export=_access,
    forget=_lock_out,
)


def _looks(person_id: int) -> list[Table]:
    return [
        Table(
            "looks",
            _l("Who looked at your data"),
            {
                "at": _l("When"),
                "office": _l("Office"),
                "community": _l("Community"),
                "what": _l("What was seen"),
            },
            [
                (item.at, item.post, item.community, WHAT.get(item.what, item.what))
                for item in seen(person_id, limit=None)
            ],
        )
    ]


def _keep(_person_id: int) -> None:
    """Erase nothing: a look tells of who looked, and goes after its years."""


LOOKS = Part(
    owner="looks",
    title=_l("Who looked at your data"),
    stored=(
        Collected(
            _l("When an office looked at your data, and at what"),
            _l("So that you know, and that nobody looks without need."),
            _l("%(years)d years", years=duties.looks_years()),
        ),
    ),
    export=_looks,
    forget=_keep,
    keeps=(
        Kept(
            _l(
                "When offices looked at an account, without its name, for %(years)d years",
                years=duties.looks_years(),
            ),
            _l("It is evidence about those who looked, not about you."),
        ),
    ),
)
