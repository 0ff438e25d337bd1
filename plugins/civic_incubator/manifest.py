"""What the plugin declares."""

from wtforms import Form, IntegerField
from wtforms.validators import NumberRange

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
from civic_incubator import imports

#: Who answers for calls and awards.
LEADS = ("secretary", "deputy_secretary", "street_officer", "administrator")


class Settings(Form):
    """Say how soon things should be done that wait for staff."""

    days = IntegerField(
        _l("Days within which objections to awards should be answered"),
        [NumberRange(1, 30)],
        default=5,
    )


def demonstrate(home: Community, stage: Stage) -> None:
    """Play in the demonstration."""
    from civic_incubator import playing  # noqa: PLC0415 - its services need the plugin

    playing.demonstrate(home, stage)


plugin = Plugin(
    "incubator",
    "civic_incubator",
    title=_l("Projects of organisations"),
    api=">=1.0,<2",
    settings=Settings,
    demonstrate=demonstrate,
    permissions=[
        Permission("propose", _l("Propose an organisation, and apply to calls"), "participant"),
        Permission("keep", _l("Keep the registry of organisations"), "staff"),
        Permission("manage", _l("Draw up calls and lead them"), LEADS),
        Permission("review", _l("Score projects as an expert"), "incubator.expert"),
        Permission("assess", _l("Score projects as a resident"), "resident"),
        Permission("object", _l("Object to a list of awards"), "participant"),
    ],
    nav=[NavItem(_l("Projects"), "incubator.index", order=50, icon="people")],
    standings=[
        StandingKind(
            "expert",
            _l("Expert of review panels"),
            evidence=_l("the letter by which the street invited them"),
            permission="manage",
        )
    ],
    importers=[
        Importer(
            code="organisations",
            title=_l("Organisations of residents"),
            permission="keep",
            columns=imports.COLUMNS,
            read=imports.read,
            apply=imports.apply,
            hint=_l("One row for each organisation. What is filed needs its number and its date."),
        )
    ],
    exporters=[
        Exporter(
            code="organisations",
            title=_l("Organisations of residents"),
            permission="keep",
            header=imports.HEADER,
            rows=imports.rows,
            personal=False,
        )
    ],
    personal_data=[
        PersonalData(
            field=_l("For which organisations of residents you speak, and what you saved for them"),
            purpose=_l("So that you and others of it can write its applications"),
            basis=_l("What you ask of the community yourself (PIPL §13, 1)"),
            retention=_l("Until you close your account; applications stay, without your name"),
            recipients=_l("Staff of the community"),
        ),
        PersonalData(
            field=_l("Your marks for projects, and in which you are involved"),
            purpose=_l("To rank projects, and to keep whoever is involved from scoring"),
            basis=_l("What you take part in yourself (PIPL §13, 1)"),
            retention=_l("Marks stay without your name; all else until you close your account"),
            recipients=_l("Staff of the community"),
        ),
        PersonalData(
            field=_l("Your objections to lists of awards"),
            purpose=_l("To answer them, and to put right what is wrong"),
            basis=_l("What you ask of the community yourself (PIPL §13, 1)"),
            retention=_l("Until you close your account; the answer stays"),
            recipients=_l("Staff of the community"),
        ),
        PersonalData(
            field=_l("The social worker named in an application, and their agency"),
            purpose=_l("To know who supports the project"),
            basis=_l("A task of the community by law (PIPL §13, 3)"),
            retention=_l("As long as the application is kept"),
            recipients=_l("Staff and reviewers of the call"),
        ),
    ],
)
