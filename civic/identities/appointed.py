"""What somebody reads who was appointed to a post, or whose term was renewed or ended."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.identities.appointments import TOLD
from civic.kernel.tell import Kind, Values


def _sentence(values: Values) -> str:
    post, reason = values["post"], values["reason"]
    if values["act"] == "made":
        return _("You have been appointed: %(post)s.", post=post)
    if values["act"] == "renewed":
        return _("Your term was renewed: %(post)s.", post=post)
    if reason:
        return _("Your post has ended: %(post)s. Reason: %(reason)s", post=post, reason=reason)
    return _("Your post has ended: %(post)s.", post=post)


KIND = Kind(
    code=TOLD,
    title=_l("Posts that I hold"),
    sentence=_sentence,
    address=lambda _values: "/me",
)
