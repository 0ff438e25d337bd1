"""What is collected of a person who joins, why, and how long it is kept (PIPL §17)."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

#: Version of this notice; it changes with the list below, and each person's is kept.
VERSION = "2026-11-24"


@dataclass(frozen=True)
class Collected:
    """Say what is collected, for what, and until when."""

    field: LazyString
    purpose: LazyString
    kept: LazyString


NOTICE = (
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
        _l("Browser and system of each device on which you are signed in, and since when"),
        _l("So that you see who uses your account. Nobody else sees it."),
        _l("until you sign out or for 30 days; at the latest until your next sign-in"),
    ),
    Collected(
        _l("Your building or workplace, from the invitation code"),
        _l("It decides which consultations you may take part in. Others see the building at most."),
        _l("while you live or work there"),
    ),
    Collected(
        _l("What you say and how you vote"),
        _l(
            "What you write is public under your masked name. How you vote is shown to nobody; "
            "only the totals are published after the close."
        ),
        _l("as long as the record of the consultation"),
    ),
)
