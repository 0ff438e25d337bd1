"""What stands in place of a comment that was hidden or taken back."""

from civic.consultations.threads import Said
from civic.kernel import i18n
from civic.kernel.i18n import gettext as _
from civic.moderation.reasons import ALL as REASONS


def words(comment: Said) -> str:
    """Say what became of a comment and why; nothing where it stands."""
    if not comment.removed and comment.reason is None:
        return ""
    when = i18n.moment(comment.created_at)
    if comment.removed or comment.reason is None:
        return _("A comment of %(moment)s: taken back by its author.", moment=when)
    reason = REASONS[comment.reason]
    if comment.objected:
        return _(
            "A comment of %(moment)s was hidden: %(reason)s. Its author objects; "
            "somebody else looks at it.",
            moment=when,
            reason=reason,
        )
    return _("A comment of %(moment)s was hidden: %(reason)s", moment=when, reason=reason)
