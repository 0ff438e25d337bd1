"""A process as data say it: its stages, and the moves between them (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from civic.kernel.periods import Period
from civic.procedures.schema import Text
from civic.processes import terms


@dataclass(frozen=True, kw_only=True)
class Length:
    """Say where the length of a stage comes from.

    :ivar key: period of the case's procedure, as `notice`; empty where the data give their own.
    :ivar period: the data's own, or what holds where the procedure has no such period.
    :ivar basis: where that one is from.
    """

    key: str = ""
    period: Period | None = None
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Be one place where a case stands.

    :ivar kind: one of domain.md §3.2; several stages of a process can be of one kind.
    :ivar can: what may be done in it.
    :ivar procedures: that fit a vote in it; nothing where it has none.
    """

    code: str
    kind: str
    title: Text
    can: frozenset[str] = frozenset()
    length: Length | None = None
    procedures: tuple[str, ...] = ()

    @property
    def final(self) -> bool:
        """Tell whether a case has come to its end here."""
        return self.kind in terms.FINAL

    @property
    def beside(self) -> bool:
        """Tell whether it lies beside the line."""
        return self.kind in terms.BESIDE


@dataclass(frozen=True, kw_only=True)
class Move:
    """Lead from one stage to the next.

    :ivar to: code of a stage, or `back` to where the case was before it went beside the line.
    :ivar who: posts and groups, one of which is needed.
    :ivar needs: codes of conditions that must hold.
    :ivar second: whether another person must confirm it.
    :ivar reason: whether a reason must be given.
    :ivar clock: whether it is made by itself once the stage has lasted as long as it must.
    :ivar early: whether it may be made before the stage has lasted as long as it must.
    :ivar verdict: what the vote must have come to.
    :ivar once: whether a case makes it once only.
    """

    act: str
    title: Text
    origins: tuple[str, ...]
    to: str
    who: frozenset[str]
    needs: tuple[str, ...] = ()
    second: bool = False
    reason: bool = False
    clock: bool = False
    early: bool = False
    verdict: str = ""
    once: bool = False


@dataclass(frozen=True, kw_only=True)
class Process:
    """Be a way from a topic to its end; the first stage is where a case begins."""

    id: str
    version: int
    title: Text
    about: Text
    basis: tuple[str, ...]
    stages: tuple[Stage, ...]
    moves: tuple[Move, ...] = field(repr=False)

    @cached_property
    def by_code(self) -> Mapping[str, Stage]:
        """Return the stages by their codes."""
        return {stage.code: stage for stage in self.stages}

    def out_of(self, code: str) -> list[Move]:
        """Return the moves that lead out of a stage."""
        return [move for move in self.moves if code in move.origins]

    def find(self, code: str, act: str) -> Move | None:
        """Return the move by which an act leads out of a stage, or None."""
        return next((move for move in self.out_of(code) if move.act == act), None)
