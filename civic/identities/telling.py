"""What people are told of their standings and claims: kinds of message, and how they read."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.identities import claim_desk, known, standings
from civic.kernel.tell import Kind, Values


def _standing(values: Values) -> str:
    kind = known.standings()[values["kind"]].title
    if values["what"] == "granted":
        return _("You now hold the standing: %(kind)s", kind=kind)
    if values["what"] == "renewed":
        return _("Your standing was renewed: %(kind)s", kind=kind)
    if values["what"] == "raised":
        return _("The level of your standing was raised: %(kind)s", kind=kind)
    return _(
        "Your standing was ended: %(kind)s. Reason: %(reason)s", kind=kind, reason=values["reason"]
    )


def _claim(values: Values) -> str:
    kind = known.standings()[values["kind"]].title
    if values["what"] == "accepted":
        return _("Your claim was accepted: %(kind)s", kind=kind)
    if values["what"] == "refused":
        return _("Your claim was refused, and why: %(kind)s", kind=kind)
    return _("The office asks you something about your claim: %(kind)s", kind=kind)


KINDS = (
    Kind(
        code=standings.NEWS,
        title=_l("Your standings"),
        sentence=_standing,
        address=lambda _values: "/me#standings",
    ),
    Kind(
        code=claim_desk.NEWS,
        title=_l("Your claims"),
        sentence=_claim,
        address=lambda values: f"/me/claims/{values['claim']}",
    ),
)
