"""Counts in steps: one path for display, and every outcome in parallel universes (pure).

A method that decides step by step meets a tie in the middle, and what follows depends on it. Its
outcomes are those of every way in which its ties can be decided, "parallel-universe tie-breaking"
(Conitzer, Rognlie and Xia, "Preference functions that score rankings", IJCAI 2009). They may be
exponentially many; the search ends after `MOST_STATES` states, and the count says that it did.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from civic.voting.methods.counts import MOST_OUTCOMES, Found
from civic.voting.methods.filling import outcomes, pick
from civic.voting.methods.profiles import Profile
from civic.voting.methods.ties import Tie, TieRule

MOST_STATES = 10_000

Choice = Any
Tiers = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Fork:
    """Hold a step: what is tied in it, and the state that follows each choice.

    :ivar shown: the round for display, before the choice.
    :ivar choices: numbers of options, or pairs of them; one where nothing is tied.
    :ivar favours: whether being chosen is what an option wants.
    :ivar key: under which the choice is shown in the round; empty where it is not.
    """

    shown: Mapping[str, Any]
    choices: tuple[Choice, ...]
    follow: Callable[[Choice], Hashable]
    favours: bool = True
    key: str = "option"


@dataclass(frozen=True)
class End:
    """Hold the end of a path: options in tiers, and how many of them win.

    :ivar seats: the tiers win from the first on until so many have won.
    :ivar rest: who follows in the order and does not win.
    """

    tiers: Tiers
    seats: int
    rest: Tiers = ()
    shown: Mapping[str, Any] = field(default_factory=dict)


class Process(Protocol):
    """Do a count in steps whose states can be compared."""

    start: Hashable

    def step(self, state: Any) -> Fork | End:  # noqa: ANN401 - each method has states of its own
        """Return what happens in a state."""


def label(choice: Choice, options: Sequence[str]) -> str:
    """Return the name of a choice; of a pair, who goes before whom."""
    if isinstance(choice, tuple):
        return " > ".join(options[one] for one in choice)
    return options[choice]


def _preferred(fork: Fork, places: Sequence[int]) -> Choice:
    def place(choice: Choice) -> tuple[int, ...]:
        return (
            tuple(places[one] for one in choice) if isinstance(choice, tuple) else (places[choice],)
        )

    return (min if fork.favours else max)(fork.choices, key=place)


def walk(
    process: Process, rule: TieRule, options: Sequence[str]
) -> tuple[list[dict[str, Any]], list[Tie], End]:
    """Follow a process along the choices of a rule, `show-all` along the order of the paper."""
    places = rule.places(options)
    rounds: list[dict[str, Any]] = []
    ties: list[Tie] = []
    state = process.start
    while True:
        step = process.step(state)
        shown = {"round": len(rounds) + 1, **step.shown}
        if isinstance(step, End):
            if step.shown:
                rounds.append(shown)
            return rounds, ties, step
        chosen = step.choices[0] if len(step.choices) == 1 else _preferred(step, places)
        if len(step.choices) > 1:
            between = tuple(label(one, options) for one in step.choices)
            picked = label(chosen, options) if rule.decides else None
            ties.append(Tie(len(rounds) + 1, between, rule.name, picked))
        if step.key:
            name = label(chosen, options)
            shown[step.key] = [name] if isinstance(chosen, tuple) else name
        if step.shown:
            rounds.append(shown)
        state = step.follow(chosen)


def universes(process: Process) -> tuple[tuple[tuple[int, ...], ...], bool]:
    """Return the outcomes of every way to decide the ties, and whether the search saw all."""
    found: set[tuple[int, ...]] = set()
    complete = True
    seen: set[Hashable] = {process.start}
    waiting = [process.start]
    while waiting:
        step = process.step(waiting.pop())
        if isinstance(step, End):
            some, all_of_them = outcomes(step.tiers, step.seats)
            found.update(some)
            complete = complete and all_of_them
        else:
            # Backwards, so that the path that the paper's order prefers is searched first.
            for choice in reversed(step.choices):
                state = step.follow(choice)
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        if len(seen) > MOST_STATES or len(found) > MOST_OUTCOMES:
            return tuple(sorted(found)[:MOST_OUTCOMES]), complete and not waiting
    return tuple(sorted(found)), complete


def find(process: Process, rule: TieRule, profile: Profile) -> Found:
    """Return what a method finds that decides in steps."""
    options = profile.paper.options
    rounds, ties, end = walk(process, rule, options)
    last = max(1, len(rounds))
    chosen, late = pick(end.tiers, end.seats, rule, options, last)
    every, complete = universes(process) if ties else outcomes(end.tiers, end.seats)
    if not rule.decides and len(every) > 1:
        chosen = ()
    elif not rule.decides:
        chosen = every[0]
    elif chosen not in every:
        every = tuple(sorted((*every, chosen)))  # the search was cut before it came to this one
    order = (*end.tiers, *end.rest)
    return Found(every, chosen or None, order, tuple(rounds), (*ties, *late), complete)
