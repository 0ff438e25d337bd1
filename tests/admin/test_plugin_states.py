"""The administrator's page names plugins that are not in service, and what was never delivered."""

from sqlalchemy import text

from civic.kernel import absent, clock
from civic.kernel.activations import Activation
from civic.kernel.db import db
from civic.kernel.events import EventRow

PAGE = "/admin/plugins/"


def test_what_is_absent_or_gone_is_named_with_what_to_do(app, world, login) -> None:
    absent.mark("party")
    db.session.execute(text("CREATE TABLE alembic_version_ghost (version_num VARCHAR(32))"))
    db.session.add(Activation(community_id=world.erlong.id, plugin="spirit"))
    db.session.commit()
    page = login(world.administrator).get(PAGE).get_data(as_text=True)
    assert "civic plugins install party" in page
    assert "civic plugins purge ghost" in page
    assert "civic plugins purge spirit" in page
    assert "本站不使用插件party" in page


def test_events_that_were_given_up_are_named_with_their_subscriber(app, world, login) -> None:
    now = clock.now()
    for given_up in (now, None):
        db.session.add(
            EventRow(
                kind="rental.Booked",
                subscriber="rental.tell",
                community_id=world.erlong.id,
                payload={},
                at=now,
                next_at=now,
                given_up_at=given_up,
                error="KeyError",
            )
        )
    db.session.commit()
    page = login(world.administrator).get(PAGE).get_data(as_text=True)
    assert "rental.tell" in page
    assert "civic jobs retry" in page
    assert "1条" in page
