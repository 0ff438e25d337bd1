"""The yearly catalogue: drafted, published for good, replaced, and chosen in screening."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from civic.identities.models import Person
from civic.kernel import clock
from civic.kernel.audit import AuditEntry
from civic.kernel.db import db
from civic.kernel.errors import Refused
from civic.topics import catalogue, deciding
from civic.topics.models import Catalogue, CatalogueEntry, Topic
from tests.factories import World, scalars
from tests.pages import text_of

Login = Callable[[Person | None], FlaskClient]
DESK, PUBLIC = "/c/erlonglu/desk/catalogue/", "/c/erlonglu/catalogue/"


def test_a_catalogue_is_written_published_and_replaced(world: World, login: Login) -> None:
    year = clock.local(clock.now()).year
    client = login(world.deputy)
    at = client.post(DESK, data={"year": str(year)}).headers["Location"]
    assert client.post(f"{at}/publish").status_code == 303  # said on the page: nothing is in it
    assert scalars(select(Catalogue.published_at)) == [None]
    must = {"title": "停车管理", "obligation": "must", "words": "每季度一次"}
    barred = {"title": "邻里纠纷", "obligation": "not", "exclusion": "privacy"}
    for form in (must, barred):
        assert client.post(f"{at}/entries", data=form).status_code == 303
    assert client.post(f"{at}/entries", data=barred | {"exclusion": ""}).status_code == 422
    assert "停车管理" not in text_of(login(None).get(PUBLIC))
    assert client.post(f"{at}/publish").status_code == 303
    page = text_of(login(None).get(PUBLIC))
    assert "停车管理" in page
    assert "个案隐私" in page or "Private case" in page
    [entry] = scalars(select(AuditEntry).where(AuditEntry.act == "catalogue.published"))
    assert (entry.data["year"], entry.data["version"]) == (year, 1)

    again = client.post(DESK, data={"year": str(year)}).headers["Location"]
    assert client.post(DESK, data={"year": str(year)}).headers["Location"] == again
    [_first, second] = scalars(select(Catalogue).order_by(Catalogue.id))
    rows = catalogue.entries(second.id)
    db.session.commit()
    assert [row.title for row in rows] == ["停车管理", "邻里纠纷"]
    client.post(f"{again}/entries/{rows[1].id}/remove")
    client.post(f"{again}/publish")
    assert "邻里纠纷" not in text_of(login(None).get(PUBLIC))
    old = text_of(login(None).get(f"{PUBLIC}{year}/1"))
    assert "邻里纠纷" in old
    assert f"{PUBLIC}{year}/2" in old


def published(world: World) -> CatalogueEntry:
    actor, year = world.actor("officer"), clock.local(clock.now()).year
    made = catalogue.begin(actor, world.erlong, year)
    entry = catalogue.add(
        actor, world.erlong, made.id, catalogue.Entry(title="停车", obligation="must")
    )
    catalogue.publish(actor, world.erlong, made.id)
    db.session.commit()
    return entry


def test_what_is_published_never_changes(world: World) -> None:
    entry = published(world)
    more = {"catalogue_id": entry.catalogue_id, "number": 9, "title": "x", "obligation": "may"}
    for statement in (
        update(CatalogueEntry).values(title="别的"),
        delete(CatalogueEntry),
        insert(CatalogueEntry).values(**more, exclusion="", words=""),
        update(Catalogue).values(office="别人"),
        delete(Catalogue),
    ):
        with pytest.raises(DBAPIError, match="published"):
            db.session.execute(statement)
        db.session.rollback()
    with pytest.raises(Refused) as refused:
        catalogue.remove(world.actor("officer"), world.erlong, entry.catalogue_id, entry.id)
    assert refused.value.code == "published"


def test_screening_names_the_entry(
    world: World, hand_in: Callable[..., Topic], login: Login
) -> None:
    entry, topic = published(world), hand_in()
    weight = {"urgency": 1, "reach": 1, "authority": 1, "lane": "consultation", "words": "目录内"}
    unknown = deciding.Weight(**weight, entry_id=999_999)
    with pytest.raises(Refused) as refused:
        deciding.triage(world.actor("deputy"), world.erlong, topic.id, unknown)
    assert refused.value.code == "entry"
    form = {f"triage-{name}": str(value) for name, value in weight.items()}
    form["triage-entry"] = str(entry.id)
    address = f"/c/erlonglu/desk/topics/{topic.id}/triage"
    assert login(world.deputy).post(address, data=form).status_code == 303
    page = text_of(login(None).get(f"/c/erlonglu/topics/{topic.id}/"))
    assert "第1条：停车" in page or "no. 1: 停车" in page
