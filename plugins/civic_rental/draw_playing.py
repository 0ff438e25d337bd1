"""What the demonstration shows of allotments: one that takes applications, and one that is drawn."""

from civic.api import Community, Stage


def play(home: Community, stage: Stage) -> None:
    """Fill the community in which the plugin plays."""
