"""What a procedure asks of a meeting of seats, as plugins read it."""

import pytest

from civic.kernel.db import db
from civic.kernel.errors import Misconfigured, Refused
from civic.procedures import loading
from civic.procedures.plugged import meeting_rules, meeting_rules_from


def test_the_joint_meeting_needs_two_thirds_and_more_than_half_of_those_there(app) -> None:
    loading.sync()
    found = meeting_rules("joint_meeting")
    assert [found.quorum.needed(seats) for seats in (1, 3, 4, 6, 7)] == [1, 2, 3, 4, 5]
    assert found.of == "attending"
    assert [found.majority.met(votes, 4) for votes in (2, 3)] == [False, True]
    assert found.consensus_first
    assert found.topics is not None
    assert found.topics.n == 15
    assert meeting_rules_from(found.as_dict()) == found
    db.session.commit()


def test_other_procedures_are_refused_with_a_reason(app) -> None:
    loading.sync()
    with pytest.raises(Refused):
        meeting_rules("unheard_of")
    with pytest.raises(Misconfigured, match="dot_vote"):
        meeting_rules("dot_vote")
    db.session.commit()
