"""Put the house together: one factory for the server, commands and tests."""

from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from civic import errorpages, frame, guide
from civic.admin import given as admin
from civic.communities import plugin_jobs
from civic.communities import views as communities
from civic.consultations import due as consultations_due
from civic.consultations import given as of_cases
from civic.consultations import moderated
from civic.consultations import news as consultation_news
from civic.consultations import own_data as consultation_data
from civic.consultations import services as consultation_services
from civic.consultations.models import Consultation
from civic.corrections import given as corrections
from civic.deliberation import given as deliberation
from civic.drafting import given as drafting
from civic.halls import given as halls
from civic.holds import given as holds
from civic.home import about, act_views, more_views, plugged
from civic.home import desk as office_desk
from civic.home import views as home
from civic.identities import actors, login, processing, told
from civic.identities import given as identities
from civic.kernel import (
    absent,
    appsettings,
    compress,
    config,
    db,
    declared,
    due,
    events,
    faults,
    holidays,
    htmx,
    i18n,
    jobs,
    mail,
    numbers,
    own_data,
    plugins,
    static,
    tell,
    templating,
    undelivered,
)
from civic.kernel.migrate import resource
from civic.kernel.permissions import Permissions
from civic.kernel.throttle import Throttle
from civic.moderation import due as moderation_due
from civic.moderation import news as moderation_news
from civic.moderation import own_data as moderation_data
from civic.moderation import report_views
from civic.moderation import views as moderation
from civic.notices import audience as notice_audience
from civic.notices import checking as notice_checking
from civic.notices import desk as notice_desk
from civic.notices import due as notices_due
from civic.notices import ends as notice_ends
from civic.notices import own_data as notice_data
from civic.notices import telling as notices_telling
from civic.notices import views as notices
from civic.notices.models import Notice
from civic.notifications import mailing
from civic.notifications import models as notification_models
from civic.notifications import own_data as message_data
from civic.notifications import services as notification_services
from civic.notifications import views as notifications
from civic.outcomes import given as outcomes
from civic.permitted import PERMISSIONS
from civic.procedures import given as procedures
from civic.records import acts, news, retention
from civic.records import desk as records_desk
from civic.records import views as records
from civic.topics import given as topics
from civic.voting import given as ballots

#: Rooms above consultations, from the ground up.
ABOVE = (topics, deliberation, drafting, halls, outcomes, corrections)
#: Imported for the routes that they add to the blueprints of others.
ROUTES = (
    *of_cases.ROUTES,
    report_views,
    notice_checking,
    records_desk,
    *ballots.ROUTES,
)
#: What is stored about people, from the ground up: what comes later is erased first.
PARTS = (
    *identities.PARTS,
    message_data.PART,
    acts.PART,
    *holds.PARTS,
    ballots.PART,
    consultation_data.PART,
    moderation_data.PART,
    notice_data.PART,
    procedures.PART,
    *(part for room in ABOVE for part in room.PARTS),
)
#: What the staff desk asks.
SOURCES = (
    consultations_due.drafts,
    *of_cases.DUE,
    moderation_due.objections,
    moderation_due.unchecked,
    *identities.DUE,
    notices_due.notices,
    *procedures.DUE,
    *ballots.DUE,
    *(source for room in ABOVE for source in room.DUE),
    plugged.on_desk,
)
#: What the site does by itself, in the order in which it is done where all is due.
#: Conditions of moves come before the job that asks them.
JOBS = (
    undelivered.init,
    plugin_jobs.init,
    notice_ends.init,
    holds.init,
    *of_cases.JOBS,
    retention.init,
)
#: Imported for their tables.
TABLES = (
    absent,
    holidays,
    *holds.TABLES,
    jobs,
    mail,
    notification_models,
    *of_cases.TABLES,
    *ballots.TABLES,
)


def create_app(
    settings: config.Settings | None = None, *, found: Sequence[EntryPoint] | None = None
) -> Flask:
    """Make an application; it neither creates tables nor loads data.

    :param found: entry points of plugins to load instead of the installed ones (tests).
    :raises Misconfigured: when the settings or the instance folder do not do.
    """
    settings = config.prepare(settings or config.load())
    app = templating.Application(
        __name__,
        instance_path=str(settings.instance),
        template_folder=str(resource("templates")),
        static_folder=None,
    )
    appsettings.apply(app, settings)
    numbers.init_app(app)
    faults.init_app(app)
    db.init_app(app)
    events.init_app(app)
    jobs.init_app(app)
    mail.init_app(app)
    tell.init_app(app)
    app.extensions["civic_telling"].declare(told.KIND)
    due.init_app(app)
    own_data.init_app(app)
    i18n.init_app(app)
    templating.init_app(app)
    htmx.init_app(app)
    app.extensions["civic_throttle"] = Throttle(
        settings.secret_key.encode(),
        settings.redis_url or "memory://",
        account_limit=settings.sign_in_per_account,
        address_limit=settings.sign_in_per_address,
    )
    app.extensions["civic_permissions"] = Permissions()
    app.extensions["civic_permissions"].declare(*PERMISSIONS)
    app.extensions["civic_permissions"].rules[Consultation] = consultation_services.seen_by
    app.extensions["civic_permissions"].rules[Notice] = notice_audience.visible
    communities.init_app(app)
    login.init_app(app)
    app.before_request(communities.admit)  # once it is known who asks
    for blueprint in (
        home.bp,
        *identities.BLUEPRINTS,
        *procedures.BLUEPRINTS,
        *of_cases.BLUEPRINTS,
        *ballots.BLUEPRINTS,
        *(bp for room in ABOVE for bp in room.BLUEPRINTS),
        notices.bp,
        notice_desk.bp,
        moderation.bp,
        records.bp,
        notifications.bp,
        office_desk.bp,
        about.bp,
        act_views.bp,
        more_views.bp,
        *admin.BLUEPRINTS,
        guide.bp,
    ):
        app.register_blueprint(blueprint)
    with app.app_context():
        moderated.init()
        for part in PARTS:
            own_data.register(part)
        tell.telling().teller = notification_services.tell
        tell.telling().declare(
            *identities.NEWS,
            *consultation_news.KINDS,
            *moderation_news.KINDS,
            *notices_telling.KINDS,
            *news.KINDS,
        )
        actors.carry("unread", notification_services.unread)
        for init in JOBS:
            init()
        ballots.init(consultation_services.extended)
        for room in ABOVE:
            room.init()
        for source in SOURCES:
            due.register(source)
        declared.checks(app).extend(admin.CHECKS)
        loaded = plugins.init_app(app, found, absent.marked(app)).loaded
        processing.init()
        mailing.init()
    frame.init_app(app)
    errorpages.init_app(app)
    protection = CSRFProtect(app)
    protection.exempt(home.display)
    protection.exempt(notifications.stop)  # its address is signed, and mail programs send no token
    compress.init_app(app)
    roots = {"": Path(__file__).parent / "static"} | {
        f"p/{name}": plugin.folder / "static"
        for name, plugin in loaded.items()
        if (plugin.folder / "static").is_dir()
    }
    static.init_app(app, roots)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    return app
