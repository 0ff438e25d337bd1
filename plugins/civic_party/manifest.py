"""What the plugin declares; each half in a module of its own."""

from civic.api import Community, NavItem, Plugin, Stage
from civic.api import lazy_gettext as _l
from civic_party import audience
from civic_party import bodies_declared as bodies
from civic_party import lists_declared as lists


def demonstrate(home: Community, stage: Stage) -> None:
    """Play in the demonstration."""
    from civic_party import list_playing, playing  # noqa: PLC0415 - services need the plugin

    playing.demonstrate(home, stage)
    list_playing.demonstrate(home, stage)


plugin = Plugin(
    "party",
    "civic_party",
    title=_l("Units together"),
    api=">=1.0,<2",
    demonstrate=demonstrate,
    permissions=[*bodies.PERMISSIONS, *lists.PERMISSIONS],
    nav=[
        NavItem(_l("Units"), "party.index", order=60, icon="people"),
        NavItem(
            _l("Needs and resources"),
            "party.entries",
            order=61,
            icon="talk",
            values={"list_name": "needs"},
        ),
    ],
    audience=audience.AUDIENCE,
    exporters=[*bodies.EXPORTERS, *lists.EXPORTERS],
    personal_data=[*bodies.PERSONAL_DATA, *lists.PERSONAL_DATA],
    messages=[*bodies.MESSAGES, *lists.MESSAGES],
)
