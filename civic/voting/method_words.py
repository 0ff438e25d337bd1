"""Ways of counting, each in one sentence that a voter understands (pure)."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

METHODS: dict[str, LazyString] = {
    "plurality": _l("The option with the most votes is chosen."),
    "items": _l("Each item by itself: who agrees, who is against."),
    "approval": _l("The options with the most marks are chosen."),
    "score": _l("The options with the most points are chosen."),
    "schulze": _l("Schulze: each pair is compared; whoever beats all others wins."),
    "ranked-pairs": _l("Ranked pairs: each pair is compared, the clearest comparisons first."),
    "borda": _l("Borda: each rank gives points, and the points are added."),
    "irv": _l("Instant runoff: the weakest drops out, and its votes go on to the next choice."),
    "stv": _l("Transferable vote: several are chosen, so that groups get their share."),
    "dots": _l("The options with the most dots are chosen."),
    "equal-shares": _l(
        "Equal shares: each voter pays an equal share for the projects they marked."
    ),
    "greedy": _l("The projects with the most marks are paid for, as long as the money lasts."),
}
