"""Put the house together: one factory for the server, commands and tests."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from civic import errorpages, frame, guide
from civic.admin import body_views, import_views, reform_views, tree_views
from civic.admin import holidays as days_off
from civic.admin import views as admin
from civic.communities import views as communities
from civic.consultations import due as consultations_due
from civic.consultations import moderated, office, statement_views
from civic.consultations import news as consultation_news
from civic.consultations import own_data as consultation_data
from civic.consultations import services as consultation_services
from civic.consultations import views as consultations
from civic.consultations.models import Consultation
from civic.home import about
from civic.home import desk as office_desk
from civic.home import views as home
from civic.identities import (
    actors,
    contact_views,
    login,
    own_access,
    own_standings,
    security_views,
    sign_in_views,
    told,
)
from civic.identities import given as identities
from civic.identities import own_data as account_data
from civic.kernel import (
    compress,
    config,
    db,
    due,
    events,
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
)
from civic.kernel.migrate import resource
from civic.kernel.permissions import Permissions
from civic.kernel.throttle import Throttle
from civic.kernel.uploads import Limits
from civic.moderation import due as moderation_due
from civic.moderation import news as moderation_news
from civic.moderation import own_data as moderation_data
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
from civic.permitted import PERMISSIONS
from civic.records import acts, news, retention
from civic.records import desk as records_desk
from civic.records import views as records
from civic.voting import given as ballots

#: What the form around an upload may take besides the file.
FORM_ROOM = 1024 * 1024

#: Imported for the routes that they add to the blueprints of others.
ROUTES = (
    statement_views,
    reform_views,
    body_views,
    notice_checking,
    sign_in_views,
    security_views,
    contact_views,
    records_desk,
    *ballots.ROUTES,
)
#: What is stored about people, from the ground up: what comes later is erased first.
PARTS = (
    account_data.ACCOUNT,
    own_standings.STANDING,
    own_access.ACCESS,
    own_access.LOOKS,
    message_data.PART,
    acts.PART,
    ballots.PART,
    consultation_data.PART,
    moderation_data.PART,
    notice_data.PART,
)
#: What the staff desk asks.
SOURCES = (
    consultations_due.drafts,
    moderation_due.objections,
    *identities.DUE,
    notices_due.notices,
)
#: Imported for their tables.
TABLES = (holidays, jobs, mail, notification_models, *ballots.TABLES)


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
    _configure(app, settings)
    numbers.init_app(app)
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
    for blueprint in (
        home.bp,
        *identities.BLUEPRINTS,
        consultations.bp,
        office.bp,
        ballots.BLUEPRINT,
        notices.bp,
        notice_desk.bp,
        moderation.bp,
        records.bp,
        notifications.bp,
        office_desk.bp,
        about.bp,
        admin.bp,
        import_views.bp,
        tree_views.bp,
        days_off.bp,
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
        mailing.init()
        notice_ends.init()
        retention.init()
        ballots.init(consultation_services.extended)
        for source in SOURCES:
            due.register(source)
    loaded = plugins.init_app(app, found).loaded
    frame.init_app(app)
    errorpages.init_app(app)
    protection = CSRFProtect(app)
    protection.exempt(home.display)
    protection.exempt(notifications.stop)  # its address is signed, and mail programs send no token
    compress.init_app(app)
    roots = {"": Path(__file__).parent / "static"}
    roots |= {
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


def _configure(app: Flask, settings: config.Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=Limits().max_bytes + FORM_ROOM,
        MAX_FORM_MEMORY_SIZE=FORM_ROOM,
    )
    if settings.database.startswith("postgresql"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "pool_size": 8,
            "max_overflow": 24,
            "pool_pre_ping": True,
        }
    else:
        # As many as the server has threads, so that none is opened for one request alone.
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 32, "max_overflow": 32}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    logging.getLogger("civic").setLevel(logging.INFO)
