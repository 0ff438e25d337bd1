"""Every transition, by every post, from every stage, as the data say it."""

from datetime import UTC, datetime, timedelta

import pytest

from civic.processes import bundles, terms
from civic.processes.deciding import Standing, decide
from civic.processes.schema import Process, Stage

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PROCESSES = [template.process for template in bundles.shipped().values()]


def acts(process: Process) -> list[str]:
    return sorted({move.act for move in process.moves})


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.id)
def test_each_act_is_in_order_only_where_and_for_whom_the_data_say_so(process: Process) -> None:
    for stage in process.stages:
        for act in acts(process):
            allowed = [m for m in process.moves if m.act == act and stage.code in m.origins]
            for post in [*sorted(terms.WHO), "anyone", "resident"]:
                at = Standing(stage=stage.code, back="draft", verdict=verdict(process, stage, act))
                answer = decide(process, at, act, groups={post}, unmet=(), now=NOW, reason="理由")
                if not allowed:
                    assert answer.code == "out_of_order", (stage.code, act, post)
                elif post not in allowed[0].who:
                    assert answer.code == "not_yours", (stage.code, act, post)
                else:
                    assert answer.code == "", (stage.code, act, post)
                    wanted = "draft" if allowed[0].to == terms.BACK else allowed[0].to
                    assert answer.to == wanted


def verdict(process: Process, stage: Stage, act: str) -> str:
    move = process.find(stage.code, act)
    return move.verdict if move else ""


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.id)
def test_each_condition_second_guess_and_date_holds_a_move_back(process: Process) -> None:
    for move in process.moves:
        for origin in move.origins:
            at = Standing(stage=origin, back="draft", verdict=move.verdict)
            known = {"groups": move.who, "now": NOW, "reason": "理由"}
            for need in move.needs:
                answer = decide(process, at, move.act, unmet={need}, **known)  # type: ignore[arg-type]
                assert (answer.code, answer.missing) == ("missing", (need,))
            late = Standing(
                stage=origin, back="draft", verdict=move.verdict, due_at=NOW + timedelta(seconds=1)
            )
            early = decide(process, late, move.act, unmet=(), **known)  # type: ignore[arg-type]
            assert early.code == ("" if move.early else "too_early")
            in_time = Standing(stage=origin, back="draft", verdict=move.verdict, due_at=NOW)
            assert decide(process, in_time, move.act, unmet=(), **known).code == ""  # type: ignore[arg-type]
            if move.verdict:
                for other in {"", *terms.VERDICTS} - {move.verdict}:
                    against = Standing(stage=origin, verdict=other)
                    said = decide(process, against, move.act, unmet=(), **known)  # type: ignore[arg-type]
                    assert said.code == "verdict"
            if move.reason:
                silent = decide(
                    process, at, move.act, groups=move.who, unmet=(), now=NOW, reason=" \n"
                )
                assert silent.code == "reason"
            if move.once:
                again = Standing(stage=origin, back="draft", made={move.act})
                assert decide(process, again, move.act, unmet=(), **known).code == "once"  # type: ignore[arg-type]
            clock = decide(
                process, at, move.act, groups=(), unmet=(), now=NOW, reason="理由", by_clock=True
            )
            assert clock.code == ("" if move.clock else "out_of_order")


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.id)
def test_no_end_is_reached_without_an_answer_whatever_is_done(process: Process) -> None:
    """Walk all paths as far as the author has no answer: none of them comes to an end."""
    seen, fresh = {(process.stages[0].code, "")}, [(process.stages[0].code, "")]
    while fresh:
        stage, back = fresh.pop()
        assert not process.by_code[stage].final
        for move in process.out_of(stage):
            answer = decide(
                process,
                Standing(stage=stage, back=back, verdict=move.verdict),
                move.act,
                groups=move.who,
                unmet={terms.ANSWERED},
                now=NOW,
                reason="理由",
            )
            if answer.code == "missing":
                continue
            assert answer.code == ""
            kept = stage if process.by_code[answer.to].kind == terms.SUSPENDED else ""
            if (answer.to, kept) not in seen:
                seen.add((answer.to, kept))
                fresh.append((answer.to, kept))


def test_what_was_never_suspended_goes_nowhere_back() -> None:
    process = PROCESSES[0]
    at = Standing(stage="suspended")
    answer = decide(process, at, "resume", groups={"secretary"}, unmet=(), now=NOW, reason="好")
    assert answer.code == "out_of_order"
