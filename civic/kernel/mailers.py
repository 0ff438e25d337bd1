"""Ways for mail to leave: by SMTP, or into a folder; and what a mail looks like on its way.

The standard library does all of it. Flask-Mailman would add a connection of its own on the app and
its settings beside ours, but neither the encoding (`email`) nor the talk with the server
(`smtplib`), which it takes from the standard library, too.
"""

import os
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from civic.kernel.config import Settings
from civic.kernel.errors import Misconfigured

#: Seconds that the mail server may take for each answer.
TIMEOUT = 20
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"smtp": 587, "smtps": 465}
PERMANENT = range(500, 600)
#: Of what may stand in addresses, that which needs no quotes and no extension of SMTP.
ADDRESS = re.compile(r"(?!\.)([\w!#$%&'*+/=?^`{|}~.-](?!\.\.|\.@))+@[\w-]+(\.[\w-]+)*", re.ASCII)


class Unreachable(Exception):  # noqa: N818 - like Refused
    """Say that no mail can leave now, whoever it is for."""


class Undeliverable(Exception):  # noqa: N818 - like Refused
    """Say that this mail did not leave.

    :ivar permanent: whether it never will.
    """

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Hold one mail as it is to leave.

    :ivar key: what tells it from all others of this site, the same at each attempt.
    :ivar stop: address at which its reader stops mail of its kind, or nothing.
    """

    key: str
    made_at: datetime
    to: str
    subject: str
    body: str
    stop: str = ""


class Mailer(Protocol):
    """Be a way for letters to leave."""

    def send(self, letter: Letter) -> None:
        """Send a letter.

        :raises Unreachable: when nothing can be sent now.
        :raises Undeliverable: when this letter cannot.
        """

    def close(self) -> None:
        """Let go of what sending needed."""


def built(letter: Letter, settings: Settings) -> EmailMessage:
    """Return a letter as a message; its headers can hold nothing that its parts smuggle in.

    :raises Undeliverable: for an address that is none.
    """
    if not ADDRESS.fullmatch(letter.to):
        reason = "not an address"
        raise Undeliverable(reason, permanent=True)
    host = urlsplit(settings.site_url).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    try:
        name, sender = parseaddr(settings.mail_from)
        message["From"] = Address(name, addr_spec=sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.made_at)
        message["Message-ID"] = f"<{letter.key}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.stop:
            message["List-Unsubscribe"] = f"<{letter.stop}>"
            if letter.stop.startswith("https:"):
                message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        cte = "quoted-printable" if letter.body.isascii() else "base64"
        message.set_content(letter.body, charset="utf-8", cte=cte)
    except (ValueError, MessageError) as error:
        reason = f"not a mail: {type(error).__name__}"
        raise Undeliverable(reason, permanent=True) from error
    return message


class Files:
    """Write each letter into a folder; the same letter again replaces itself."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = Path(unquote(urlsplit(settings.mail_url).path))

    def send(self, letter: Letter) -> None:
        """Write a letter that only its owner can read, whole or not at all."""
        content = built(letter, self.settings).as_bytes()
        draft = self.folder / f".{letter.key}.{os.getpid()}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.folder / f"{letter.key}.eml")
        except OSError as error:
            raise Unreachable(error.strerror or type(error).__name__) from error

    def close(self) -> None:
        """Do nothing: each letter is closed when it is written."""


class Smtp:
    """Hand letters to a mail server, over one connection as long as it holds."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """Hand over a letter."""
        message = built(letter, self.settings)
        client = self._connected()
        try:
            client.send_message(message, message["From"].addresses[0].addr_spec, [letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[letter.to]
            self._again()
            raise Undeliverable(_said(code, words), permanent=code in PERMANENT) from error
        except smtplib.SMTPSenderRefused as error:
            # Which is a matter of our settings and hits every letter.
            self.close()
            raise Unreachable(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            self._again()
            code = error.smtp_code
            reason = _said(code, error.smtp_error)
            raise Undeliverable(reason, permanent=code in PERMANENT) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(_named(error)) from error

    def close(self) -> None:
        """End the connection, politely where it still holds."""
        client, self.client = self.client, None
        if client is not None:
            try:
                client.quit()
            except (OSError, smtplib.SMTPException):
                client.close()

    def _again(self) -> None:
        # After a refusal the library has reset the talk, or the server has ended it.
        if self.client is not None and self.client.sock is None:
            self.client = None

    def _connected(self) -> smtplib.SMTP:
        if self.client is None:
            try:
                self.client = self._open()
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable(_named(error)) from error
        return self.client

    def _open(self) -> smtplib.SMTP:
        parts = urlsplit(self.settings.mail_url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        own = urlsplit(self.settings.site_url).hostname
        trust = ssl.create_default_context()
        client: smtplib.SMTP
        if parts.scheme == "smtps":
            client = smtplib.SMTP_SSL(host, port, own, timeout=TIMEOUT, context=trust)
        else:
            client = smtplib.SMTP(host, port, own, timeout=TIMEOUT)
        try:
            client.ehlo_or_helo_if_needed()
            if parts.scheme == "smtp" and host not in LOOPBACK:
                client.starttls(context=trust)
            if parts.username:
                client.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            client.close()
            raise
        return client


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


WAYS: dict[str, Callable[[Settings], Mailer]] = {"file": Files, "smtp": Smtp, "smtps": Smtp}


def mailer(settings: Settings) -> Mailer:
    """Return the way that the settings name; it connects when the first letter leaves."""
    return WAYS[urlsplit(settings.mail_url).scheme](settings)


def check(settings: Settings) -> None:
    """Refuse settings with which no mail could leave or lead back.

    :raises Misconfigured: with one sentence that says what to do.
    """
    if settings.site_url and urlsplit(settings.site_url).scheme not in {"http", "https"}:
        message = "CIVIC_SITE_URL must be the address of the site, as https://civic.example.org."
        raise Misconfigured(message)
    if not settings.mail_url:
        return
    parts = urlsplit(settings.mail_url)
    known = parts.scheme in WAYS and bool(parts.path if parts.scheme == "file" else parts.hostname)
    if not known:
        message = (
            "CIVIC_MAIL_URL must be smtp://user:password@host:587, smtps://… or file:///folder."
        )
        raise Misconfigured(message)
    if not settings.site_url or "@" not in parseaddr(settings.mail_from)[1]:
        message = "Mail needs CIVIC_SITE_URL for its links, and an address in CIVIC_MAIL_FROM."
        raise Misconfigured(message)
