"""What the plugin declares."""

from wtforms import Form, IntegerField
from wtforms.validators import NumberRange

from civic.api import Community, Exporter, NavItem, Permission, PersonalData, Plugin, Stage
from civic.api import lazy_gettext as _l
from civic_events import messages, rules, tables

DECIDES = ("secretary", "deputy_secretary", "street_officer", "administrator")


class Settings(Form):
    """Say how long an offer lasts, and how many answers feedback needs before it is shown."""

    offer_hours = IntegerField(
        _l("Hours for which places that became free are kept for the next in line"),
        [NumberRange(1, 168)],
        default=24,
    )
    shown_from = IntegerField(
        _l("Answers from which on feedback is shown; never fewer than five"),
        [NumberRange(5, 50)],
        default=5,
    )


def _play(community: Community, stage: Stage) -> None:
    """Fill the demonstration; what does it imports this."""
    from civic_events import playing  # noqa: PLC0415

    playing.play(community, stage)


plugin = Plugin(
    "events",
    "civic_events",
    title=_l("Events"),
    api=">=1.0,<2",
    settings=Settings,
    permissions=[
        Permission("sign_up", _l("Sign up for events"), "participant"),
        Permission("organise", _l("Write events, file them and publish them"), ("staff", "unit")),
        Permission("decide", _l("Decide on filings of events"), DECIDES),
        Permission("admit", _l("See who signed up, and let people in"), "staff"),
    ],
    nav=[NavItem(_l("Events"), "events.index", order=30, icon="calendar")],
    personal_data=[
        PersonalData(
            field=_l("Which events you signed up for, with how many people, and what you answered"),
            purpose=_l("So that there is a place for you, and nobody is turned away."),
            basis=_l("Your consent: you sign up"),
            retention=_l("as long as the record of the event"),
            recipients=_l("the staff at the entrance"),
        ),
        PersonalData(
            field=_l("When you came in"),
            purpose=_l("So that not too many are inside; it is no attendance record."),
            basis=_l("Safety of events with many people"),
            retention=_l("%(num)d days after the event", num=rules.entrance().kept.days),
            recipients=_l("the staff at the entrance"),
        ),
        PersonalData(
            field=_l("What you file, decide, publish and call off for an office, and let in"),
            purpose=_l("So that the office answers for what it does."),
            basis=_l("Duties of the community office"),
            retention=_l("as long as the record of the event"),
            recipients=_l("the office, by its name"),
        ),
        PersonalData(
            field=_l("Stars and words that you give to an event"),
            purpose=_l(
                "So that the next one is better. Shown without your name, and not before several "
                "have answered."
            ),
            basis=_l("Your consent: you write it"),
            retention=_l("as long as the record of the event"),
        ),
        PersonalData(
            field=_l("Shifts that you take as a volunteer, how long, and certificates you ask for"),
            purpose=_l("Whoever records voluntary service certifies it, truthfully and free."),
            basis=_l("Regulations on voluntary service (2017), and your consent"),
            retention=_l("as long as the record of the event"),
            recipients=_l("the office, and whoever you show a certificate to"),
        ),
    ],
    exporters=[
        Exporter(
            code="events",
            title=_l("Events"),
            permission="admit",
            header=tables.HEADER,
            rows=tables.events,
            personal=False,
        )
    ],
    messages=messages.KINDS,
    demonstrate=_play,
)
