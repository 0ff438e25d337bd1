"""What the plugin declares."""

from civic.api import (
    Community,
    Exporter,
    Importer,
    NavItem,
    Permission,
    PersonalData,
    Plugin,
    Stage,
    StandingKind,
)
from civic.api import lazy_gettext as _l
from civic_rental import commutes, draw_declared, tables

#: Who answers for conversions.
LEADS = ("secretary", "deputy_secretary", "street_officer", "administrator")
#: Who may give the opinion of an office; which office is a matter of the post or standing.
SPEAK = ("rental.offices", "street_officer", "committee_head", "secretary", "deputy_secretary")
#: Offices of the district have no posts on this site: who speaks for one holds its standing.
OFFICES = {
    "housing": _l("Speaks for the housing office in joint reviews"),
    "planning": _l("Speaks for the planning office in joint reviews"),
    "fire": _l("Speaks for the fire brigade in joint reviews"),
    "urban": _l("Speaks for urban management in joint reviews"),
}


def demonstrate(home: Community, stage: Stage) -> None:
    """Play in the demonstration."""
    from civic_rental import draw_playing, playing  # noqa: PLC0415 - their services need the plugin

    playing.play(home, stage)
    draw_playing.play(home, stage)


plugin = Plugin(
    "rental",
    "civic_rental",
    title=_l("Homes for rent"),
    api=">=1.0,<2",
    demonstrate=demonstrate,
    permissions=[
        Permission("keep", _l("Keep conversions of homes and what is on record"), "staff"),
        Permission("lead", _l("Lead conversions, and publish homes"), LEADS),
        Permission("review", _l("Give the opinion of an office in a joint review"), SPEAK),
        *draw_declared.PERMISSIONS,
    ],
    nav=[NavItem(_l("Homes for rent"), "rental.index", order=60, icon="building")],
    standings=[
        StandingKind(
            code,
            title,
            frozenset({"offices"}),
            evidence=_l("the letter by which the office names them"),
            permission="lead",
        )
        for code, title in OFFICES.items()
    ],
    importers=[
        Importer(
            code="commutes",
            title=_l("Ways to work"),
            permission="keep",
            columns=commutes.COLUMNS,
            read=commutes.read,
            apply=commutes.apply,
            hint=_l("One row for each conversion and workplace; minutes from door to door."),
        )
    ],
    exporters=[
        *draw_declared.EXPORTERS,
        *(
            Exporter(
                code=code, title=title, permission="keep", header=header, rows=rows, personal=False
            )
            for code, title, header, rows in (
                ("homes", _l("Homes for rent"), tables.HOMES, tables.homes),
                ("conversions", _l("Conversions of homes"), tables.CONVERSIONS, tables.conversions),
                ("commutes", _l("Ways to work"), commutes.HEADER, commutes.rows),
            )
        ),
    ],
    personal_data=[
        PersonalData(
            field=_l("What you recorded and decided about homes for rent as staff"),
            purpose=_l("So that it can be seen later who answers for it"),
            basis=_l("A task of the community by law (PIPL §13, 3)"),
            retention=_l("Until you close your account; the record stays, without your name"),
            recipients=_l("Staff of the community"),
        ),
        *draw_declared.PERSONAL_DATA,
    ],
    messages=draw_declared.MESSAGES,
)
