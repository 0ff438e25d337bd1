"""The server by itself: what was told becomes a mail in a folder, without anybody's doing."""

import time
from pathlib import Path

from civic.kernel.db import db
from civic.kernel.tell import News, tell
from tests.factories import build_world
from tests.mailbox import SITE, letters, prove, sending
from tests.server import own_sqlite, serving


def test_the_server_mails_what_was_told(sqlite, tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    with own_sqlite(sqlite, tmp_path / "instance") as app:
        with app.app_context(), sending(app, f"file://{folder}"):
            world = build_world()
            to = prove(world.resident)
            values = {"decision": 1, "community": "erlonglu"}
            people = [world.resident.id]
            tell(News(kind="moderation.hidden", subject="decision:1", people=people, values=values))
            db.session.commit()
        settings = {
            "CIVIC_JOBS": "1",
            "CIVIC_MAIL_URL": f"file://{folder}",
            "CIVIC_MAIL_FROM": "civic@example.org",
            "CIVIC_SITE_URL": SITE,
        }
        with serving(tmp_path / "instance", **settings) as server:
            end = time.monotonic() + 40
            while time.monotonic() < end and not list(folder.glob("*.eml")):
                time.sleep(0.2)
            begun = time.monotonic()
            server.stop()
            assert time.monotonic() - begun < 12
            assert "Traceback" not in (said := server.said()), said
        [letter] = letters(folder)
        assert letter["To"] == to
        assert f"{SITE}/me/texts#decision-1" in letter.get_content()
