"""Settings: from CIVIC_… variables, or from a file, each documented here."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from civic.kernel.errors import Misconfigured

PREFIX = "CIVIC_"
SECOND_FACTOR = ("required", "offered")


@dataclass(frozen=True)
class Settings:
    """Hold what an installation can choose; the variable of `name` is `CIVIC_NAME`.

    :ivar instance: folder for the database, uploads, key and collected static files.
    :ivar database_url: SQLAlchemy address; empty means SQLite in the instance folder.
    :ivar secret_key: signs sessions; empty means one made once and kept in the instance folder.
    :ivar redis_url: counts of failed sign-ins, and jobs, of installations of several processes.
    :ivar https: whether the site is reached through https, so that cookies say `Secure`.
    :ivar proxies: how many trusted proxies stand before the server and name the client.
    :ivar site_url: address of the site as people type it, for links in mails.
    :ivar mail_url: how mail leaves: `smtp://user:password@host:587`, `smtps://…`, `file:///folder`;
        empty means that no mail is sent.
    :ivar mail_from: address that mails come from, as `Civic <civic@example.org>`.
    :ivar inbox_days: after how many days a message is deleted from inboxes.
    :ivar jobs: whether the server runs the jobs itself; `civic jobs run` does it otherwise.
    :ivar comments_per_hour: comments one person may post in an hour, in all consultations.
    :ivar topics_per_hour: topics one person may hand in within an hour, in all communities.
    :ivar statements_per_hour: statements one person may offer in an hour.
    :ivar sign_in_per_account: failed sign-ins after which an account is slowed.
    :ivar sign_in_per_address: failed sign-ins after which an address is slowed.
    :ivar confirm_minutes: for how long a password counts for acts of weight.
    :ivar second_factor: `required` of whoever holds a post with power, or `offered` to all alike.
    :ivar jurisdiction: where the site is, so that procedures hold with the rules of that place.
    :ivar plugin_slow_seconds: after how many seconds a call of a plugin's hook counts as slow.
    :ivar test_clock: file of an offset in seconds that moves the clock; refused in production.
    """

    instance: Path = Path("instance")
    database_url: str = ""
    secret_key: str = ""
    redis_url: str = ""
    https: bool = False
    proxies: int = 0
    site_url: str = ""
    mail_url: str = ""
    mail_from: str = ""
    inbox_days: int = 365
    jobs: bool = True
    comments_per_hour: int = 20
    topics_per_hour: int = 5
    statements_per_hour: int = 10
    sign_in_per_account: str = "5 per 15 minutes"
    sign_in_per_address: str = "100 per 15 minutes"
    confirm_minutes: int = 15
    second_factor: str = "required"
    jurisdiction: str = "CN-BJ"
    plugin_slow_seconds: float = 0.5
    test_clock: str = ""

    @property
    def database(self) -> str:
        """Return the database address that is in force."""
        return self.database_url or f"sqlite:///{self.instance / 'civic.sqlite3'}"


def load(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read settings: defaults, then the file that CIVIC_CONFIG names, then variables.

    :raises Misconfigured: for a key nobody knows or a value that does not fit.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    if config := environ.get(f"{PREFIX}CONFIG"):
        values |= _read(Path(config))
    known = {item.name for item in fields(Settings)}
    values |= {name: environ[key] for name in known if (key := PREFIX + name.upper()) in environ}
    values |= overrides
    if unknown := sorted(values.keys() - known):
        message = f"Unknown setting: {', '.join(unknown)}. Known are: {', '.join(sorted(known))}."
        raise Misconfigured(message)
    settings = Settings(**{name: _fit(name, value) for name, value in values.items()})
    if settings.second_factor not in SECOND_FACTOR:
        known_words = " or ".join(SECOND_FACTOR)
        message = f"{PREFIX}SECOND_FACTOR is {settings.second_factor!r}; it can be {known_words}."
        raise Misconfigured(message)
    return replace(settings, instance=settings.instance.absolute())


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"The settings file {path} cannot be read: {error}."
        raise Misconfigured(message) from error


def _fit(name: str, value: object) -> Any:  # noqa: ANN401 - of the type of the setting
    default = getattr(Settings, name)
    text = str(value).strip()
    if isinstance(default, bool):
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"", "0", "false", "no", "off"}:
            return False
    elif isinstance(default, int):
        if text.isdecimal():
            return int(text)
    elif isinstance(default, float):
        with suppress(ValueError):
            return float(text)
    elif isinstance(default, Path):
        return Path(text).expanduser()
    else:
        return text
    message = f"{PREFIX}{name.upper()} is {text!r}, which is not a {type(default).__name__}."
    raise Misconfigured(message)


def prepare(settings: Settings) -> Settings:
    """Make the instance folder, open to its owner alone, and its secret key where they are missing.

    :raises Misconfigured: when the folder cannot be written.
    """
    folder = settings.instance
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "uploads").mkdir(exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink(missing_ok=True)  # another process may probe at the same moment
        key = settings.secret_key or _kept_key(folder / "secret_key")
    except OSError as error:
        message = (
            f"The folder {folder} cannot be written ({error.strerror}). "
            "Choose another with CIVIC_INSTANCE (civic demo: --folder), or change its owner."
        )
        raise Misconfigured(message) from error
    return replace(settings, secret_key=key)


def _kept_key(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii").strip()
