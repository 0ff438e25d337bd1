"""Words that a process may use: kinds of stages, what may be done in them, conditions (pure)."""

from civic.identities.kinds import POSTS, STAFF

#: Kinds of the stages on the line, and beside it (domain.md §3.2).
RESOLVED, REJECTED, INQUORATE = "resolved", "rejected", "inquorate"
VOTING, COUNTING, NOTICED = "voting", "counting", "noticed"
SUSPENDED, WITHDRAWN, VOIDED, REOPENED = "suspended", "withdrawn", "voided", "reopened"
ARCHIVED = "archived"
LINE = (
    *("draft", "collecting", "screening", NOTICED, "deliberating", "drafting", "commenting"),
    *(VOTING, COUNTING, RESOLVED, REJECTED, INQUORATE, "publicised", "executing"),
    *("result_publicised", "rated", ARCHIVED),
)
BESIDE = (SUSPENDED, WITHDRAWN, VOIDED, REOPENED)
KINDS = frozenset({*LINE, *BESIDE})
#: In these a case has come to its end, and whoever raised it has been answered.
FINAL = frozenset({ARCHIVED, WITHDRAWN, VOIDED})

CAN = frozenset(
    {
        *("topics", "speak", "statements", "arguments", "questions", "draft", "comments"),
        *("wall", "meeting", "vote", "objections", "tasks", "rate"),
    }
)

ANSWERED = "topic_answered"
PUBLISHED = "result_published"
CONDITIONS = frozenset(
    {
        *(ANSWERED, "draft_published", "comments_answered", "questions_answered"),
        *("resolution_written", "publicity_over", "tasks_planned", "tasks_done", "rating_over"),
        *("ballot_ready", "ballot_open", "ballot_closed", PUBLISHED, "scrutineers"),
        *("notice_published", "notice_over", "no_open_correction", "meeting_held"),
        "revote_decided",
    }
)
WHO = frozenset({*POSTS, STAFF})

#: What a vote by the procedure came to; a move that names one is made by nothing else.
PASSED, FAILED, TOO_FEW = "passed", "failed", "inquorate"
VERDICTS = {PASSED: RESOLVED, FAILED: REJECTED, TOO_FEW: INQUORATE}
#: Out of a vote too few took part in: once more, or given up, but never a lower bar.
AFTER_TOO_FEW = frozenset({VOTING, NOTICED, WITHDRAWN, VOIDED, SUSPENDED})

#: Periods of a procedure from which a stage can take its length.
PERIODS = frozenset(
    {
        *("notice", "notice_most", "topics", "result", "display", "objections"),
        *("meeting", "check", "posted"),
    }
)
#: Where a case returns to from beside the line.
BACK = "back"
EVERYWHERE = "*"
