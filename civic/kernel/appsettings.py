"""Tell Flask and its extensions what the settings of an installation mean for them."""

import logging
from datetime import timedelta

from flask import Flask

from civic.kernel import config
from civic.kernel.uploads import Limits

#: What the form around an upload may take besides the file.
FORM_ROOM = 1024 * 1024


def apply(app: Flask, settings: config.Settings) -> None:
    """Set up an app that was just made."""
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
        options = {"pool_size": 8, "max_overflow": 24, "pool_pre_ping": True}
    else:
        # As many as the server has threads, so that none is opened for one request alone.
        options = {"pool_size": 32, "max_overflow": 32}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    logging.getLogger("civic").setLevel(logging.INFO)
