"""Hooks that look at what an office is about to do, and say what it lacks.

They are a part of the contract in `hookspecs`, like all others.
"""

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from civic.communities.models import Community
    from civic.kernel.objecting import Objection, StageMove
    from civic.voting.models import Ballot

hookspec = pluggy.HookspecMarker("civic")


@hookspec
def check_ballot(community: "Community", ballot: "Ballot") -> "Iterable[str] | None":
    """Say what a ballot lacks before its rules are fixed; lacking anything, it is not opened.

    Asked when two people open a ballot, when a consultation with one is published, and on the page
    of a draft. The plugin is named beside what it says. Where it fails, the ballot is not opened.

    Since 1.0.
    :param community: where the ballot is held.
    :param ballot: the draft, to be read only; its options have to be asked for.
    :returns: sentences that say what is missing and what to do, in the language of the page.
    """


@hookspec
def check_stage(community: "Community", move: "StageMove") -> "Objection | None":
    """Say what speaks against a move of a case from one stage to the next.

    Asked before a case moves, is proposed to move, or would be moved by time, and on the page of
    its way, where what is said stands with what else is missing, under the name of the plugin. It
    is not asked where a case is suspended or resumed, which corrections do. Where it fails, the
    case moves on as if nothing had been said; one that is slow three times in a row is paused here
    until staff let it go on.

    Since 1.0.
    :param community: where the case is.
    :param move: which case, from where, by which act, to where.
    :returns: what is missing and what to do, in the language of the page, or nothing.
    """
