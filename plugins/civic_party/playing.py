"""What the demonstration shows."""

from civic.api import Community, Stage


def demonstrate(home: Community, stage: Stage) -> None:
    """Fill the community in which the plugin plays."""
