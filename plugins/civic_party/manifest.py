"""What the plugin declares; each half in a module of its own."""

from civic.api import Community, NavItem, Plugin, Stage
from civic.api import lazy_gettext as _l
from civic_party import bodies_declared as bodies


def demonstrate(home: Community, stage: Stage) -> None:
    """Play in the demonstration."""
    from civic_party import playing  # noqa: PLC0415 - its services need the plugin

    playing.demonstrate(home, stage)


plugin = Plugin(
    "party",
    "civic_party",
    title=_l("Units together"),
    api=">=1.0,<2",
    demonstrate=demonstrate,
    permissions=[*bodies.PERMISSIONS],
    nav=[NavItem(_l("Units"), "party.index", order=60, icon="people")],
    exporters=[*bodies.EXPORTERS],
    personal_data=[*bodies.PERSONAL_DATA],
    messages=[*bodies.MESSAGES],
)
