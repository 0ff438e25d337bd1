"""Look at a process as a graph: nothing hangs in the air, and nobody is left without an answer."""

from collections.abc import Callable, Iterator

from civic.procedures.strict import Fault
from civic.processes import terms
from civic.processes.schema import Move, Process


def faults(process: Process) -> list[Fault]:
    """Return what is wrong with the way as a whole, each with where it stands."""
    found = [*_named(process)]
    if not found:
        found += [*_reached(process), *_ways_on(process), *_votes(process), *_answers(process)]
    return found


def _named(process: Process) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, stage in enumerate(process.stages):
        if stage.code in seen:
            yield Fault(("stages", number, "code"), f"two stages are called {stage.code!r}")
        seen.add(stage.code)
    if process.stages[0].beside or process.stages[0].final:
        yield Fault(("stages", 0, "kind"), "a case cannot begin at its end or beside the line")
    acts: set[tuple[str, str]] = set()
    for number, move in enumerate(process.moves):
        for code in move.origins:
            if code not in seen:
                yield Fault(("moves", number, "from"), f"there is no stage {code!r}")
            if (code, move.act) in acts:
                yield Fault(
                    ("moves", number, "act"), f"two moves {move.act!r} lead out of {code!r}"
                )
            acts.add((code, move.act))
        if move.to != terms.BACK and move.to not in seen:
            yield Fault(("moves", number, "to"), f"there is no stage {move.to!r}")
        if move.to == terms.BACK and any(
            code in process.by_code and process.by_code[code].kind != terms.SUSPENDED
            for code in move.origins
        ):
            yield Fault(("moves", number, "to"), "only what is suspended goes back")


def reachable(process: Process, counts: Callable[[Move], bool] = lambda _move: True) -> set[str]:
    """Return the stages to which a case can come from its beginning, by the moves that count."""
    found = {process.stages[0].code}
    fresh = list(found)
    while fresh:
        code = fresh.pop()
        for move in process.out_of(code):
            # Back means a stage from which it was suspended, which was reached before.
            if counts(move) and move.to != terms.BACK and move.to not in found:
                found.add(move.to)
                fresh.append(move.to)
    return found


def _reached(process: Process) -> Iterator[Fault]:
    found = reachable(process)
    for number, stage in enumerate(process.stages):
        if stage.code not in found:
            yield Fault(("stages", number, "code"), f"no move leads to {stage.code!r}")


def _ways_on(process: Process) -> Iterator[Fault]:
    """Say from which stage no final one can be reached, and where an end is left again."""
    ends = {stage.code for stage in process.stages if stage.final}
    if not ends:
        yield Fault(("stages",), "no stage is final: archived, withdrawn or voided")
        return
    lead = set(ends)
    while True:
        more = {
            code
            for move in process.moves
            for code in move.origins
            if code not in lead and (move.to in lead or move.to == terms.BACK)
        }
        if not more:
            break
        lead |= more
    for number, stage in enumerate(process.stages):
        if stage.code not in lead:
            yield Fault(("stages", number, "code"), f"no way leads on from {stage.code!r}")
    for number, move in enumerate(process.moves):
        left = [code for code in move.origins if code in ends]
        if left and process.by_code[move.to].kind != terms.REOPENED:
            yield Fault(("moves", number, "from"), f"{left[0]!r} is final: it is only reopened")


def _votes(process: Process) -> Iterator[Fault]:
    """Say where somebody could decide against the vote, or lower the bar."""
    results = {kind: verdict for verdict, kind in terms.VERDICTS.items()}
    for number, move in enumerate(process.moves):
        if move.to == terms.BACK:
            continue
        to = process.by_code[move.to].kind
        from_kinds = {process.by_code[code].kind for code in move.origins}
        counted = terms.COUNTING in from_kinds
        if to in results and counted and move.verdict != results[to]:
            yield Fault(("moves", number), f"{to} follows the verdict {results[to]!r} alone")
        if move.verdict and not from_kinds <= {terms.COUNTING}:
            yield Fault(("moves", number, "verdict"), "a verdict leads out of counting alone")
        if move.verdict and terms.PUBLISHED not in move.needs:
            yield Fault(("moves", number, "needs"), "a verdict needs `result_published`")
        if counted and not move.verdict and to not in {*terms.BESIDE, terms.VOTING}:
            yield Fault(("moves", number), "out of counting the verdict alone leads on")
        if terms.VOTING in from_kinds and to in results:
            yield Fault(("moves", number, "to"), "a vote is counted before it has a result")
        if terms.INQUORATE in from_kinds and to not in terms.AFTER_TOO_FEW:
            yield Fault(
                ("moves", number, "to"),
                "after too few have taken part one votes again or gives up; the bar is not lowered",
            )


def _answers(process: Process) -> Iterator[Fault]:
    """Say which end can be reached without an answer to whoever raised the topic."""
    without = reachable(process, lambda move: terms.ANSWERED not in move.needs)
    for number, stage in enumerate(process.stages):
        if stage.final and stage.code in without:
            yield Fault(
                ("stages", number, "code"),
                f"{stage.code!r} can be reached without `{terms.ANSWERED}`",
            )
