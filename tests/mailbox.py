"""Mail in tests: settings with which a site sends, a folder to read, a server that takes it."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread

from flask import Flask
from sqlalchemy import select

from civic.identities.models import Contact, Person
from civic.kernel import clock
from civic.kernel.db import db

SITE = "https://civic.example.org"


@contextmanager
def sending(app: Flask, url: str) -> Iterator[None]:
    """Let an app send mail to an address of the settings until the block ends."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(
        before, mail_url=url, mail_from="二龙路社区 <civic@example.org>", site_url=SITE
    )
    try:
        yield
    finally:
        app.config["SETTINGS"] = before


def parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)  # type: ignore[arg-type]


def letters(folder: Path) -> list[EmailMessage]:
    """Return the mails in a folder, the oldest row first."""
    files = sorted(folder.glob("*.eml"), key=lambda path: int(path.name.partition(".")[0]))
    return [parsed(path.read_bytes()) for path in files]


def prove(person: Person) -> str:
    """Let somebody's e-mail address be proven; return it."""
    contact = db.session.scalars(select(Contact).filter_by(person_id=person.id)).one()
    contact.proven_at = clock.now()
    db.session.commit()
    return contact.value


@dataclass
class Postbox:
    """What a mail server took, and what it is to say: an answer for each verb that is not `250`."""

    url: str = ""
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    #: Ends the connection at this verb, without a word.
    dies_at: str = ""
    talks: int = 0


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    box: Postbox

    def handle(self) -> None:
        self.box.talks += 1
        self.say("220 here")
        self.sender, self.to = "", []
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == self.box.dies_at or not self.answer(verb, line) or verb == "QUIT":
                return

    def answer(self, verb: str, line: str) -> bool:
        """Answer one line; return whether the talk goes on."""
        answer = self.box.says.get(verb, "354 go on" if verb == "DATA" else "250 well")
        if verb == "MAIL":
            self.sender, self.to = line[10:].partition(">")[0].strip("<>: "), []
        elif verb == "RCPT" and answer.startswith("2"):
            self.to.append(line[8:].strip("<>: "))
        elif verb == "DATA" and answer.startswith("3"):
            self.say(answer)
            content = self.data()
            if self.box.dies_at == "END":
                return False
            answer = self.box.says.get("END", "250 taken")
            if answer.startswith("2"):
                self.box.taken.append((self.sender, self.to, content))
        self.say(answer)
        return True

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())

    def data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


@contextmanager
def mail_server() -> Iterator[Postbox]:
    """Serve SMTP, as far as sending goes, on a port of this machine."""
    box = Postbox()
    handler = type("OwnTalk", (Talk,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        box.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
