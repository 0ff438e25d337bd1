"""An election as a file holds it (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from civic.voting.methods.papers import Paper


@dataclass(frozen=True)
class Election:
    """Hold an election, its ballots as a stream that can be read once.

    :ivar kind: of the ballots, one of `papers.KINDS`.
    :ivar ballots: contents, each with how many say so; reading on may find that the file is bad.
    :ivar titles: longer names of options, where the file has them.
    :ivar categories: how many categories ballots sort options into; 0 where they do not.
    :ivar selected: what the file says was chosen.
    :ivar rule: what it says of the rule.
    """

    title: str
    paper: Paper
    kind: str
    ballots: Iterator[tuple[object, int]] = field(repr=False)
    titles: Mapping[str, str] = field(default_factory=dict)
    categories: int = 0
    selected: tuple[str, ...] = ()
    rule: str = ""
