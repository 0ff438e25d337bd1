"""Somebody who has left a trace wherever one can."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from civic.communities import kinds, services
from civic.communities.models import Node
from civic.consultations import speaking, statements
from civic.identities import codes, passwords
from civic.identities.actors import actor_for
from civic.identities.claimed import Claim, ClaimStep
from civic.identities.credentials import BackupCode, RecoveryCode, SecondFactor, SignIn
from civic.identities.kinds import SECRETARY
from civic.identities.looks import looked
from civic.identities.models import Person, Standing
from civic.identities.services import Newcomer, add_contact, appoint, sign_up
from civic.kernel import audit, clock, mail
from civic.kernel.db import db
from civic.kernel.permissions import Actor
from civic.kernel.phones import Identifier
from civic.moderation import services as moderation
from civic.notifications.models import InboxItem, MailChoice, Message
from civic.voting import casting
from tests.factories import World, consultation

NAME = "欧阳独一"
PUBLIC = "独一的网名"
PHONE = "+8613987654321"
EMAIL = "only.one.of.them@example.com"
DEVICE = "Firefox on the only telephone"
PASSWORD = "three words here"
#: None of these may be found anywhere once the account is closed.
PERSONAL = (NAME, PUBLIC, PHONE, PHONE[3:], EMAIL, EMAIL.partition("@")[0], DEVICE)
BUILDING, GATE = "独有八八号楼", "独有九单元"


@dataclass
class Life:
    """Somebody, and what of theirs is in the record."""

    person: Person
    gate: Node
    building: Node
    open_case: object
    closed_case: object
    comment_id: int
    hidden_id: int
    statement_id: int

    @property
    def actor(self) -> Actor:
        found = actor_for(self.person.id)
        assert found is not None
        return found


def lived(world: World) -> Life:
    """Let somebody join, speak, vote, claim, serve, be looked at and written to."""
    with current_app.test_request_context(method="POST"):
        return _lived(world)


def _lived(world: World) -> Life:
    estate = world.building.parent_id
    building = services.add_node(kinds.BUILDING, BUILDING, db.session.get(Node, estate))
    gate = services.add_node(kinds.GATE, GATE, building)
    secretary = world.actor("secretary")
    fresh = codes.make(secretary, gate, "resident_living", 1, community_id=world.erlong.id)[0]
    person = sign_up(
        fresh.row,
        Newcomer(
            name=NAME,
            identifier=Identifier("phone", PHONE),
            password_hash=passwords.hashed(PASSWORD),
            adult=True,
            public_name=PUBLIC,
        ),
    )
    add_contact(person, Identifier("email", EMAIL), proven=True)
    db.session.flush()
    life = _speak(world, person, building, gate)
    _serve(world, life)
    _claim(world, life)
    _sign_in(world, life)
    _write_to(life, world)
    for what in ("profile", "contact"):
        looked(secretary, person.id, what, world.erlong)
    db.session.commit()
    return life


def _speak(world: World, person: Person, building: Node, gate: Node) -> Life:
    actor = actor_for(person.id)
    deliberating = consultation(world.erlong, stage="deliberating")
    said = [
        speaking.comment(actor, world.erlong, deliberating, f"请先量路宽{n}。", form_key=f"f{n}")
        for n in range(3)
    ]
    offered = statements.offer(actor, world.erlong, deliberating, "应当先划消防通道。")
    other = statements.offer(world.actor("resident"), world.erlong, deliberating, "先装路灯。")
    statements.vote(actor, world.erlong, deliberating, other.id, statements.DISAGREE)
    # The ballots were open when the vote was cast; one has closed since.
    voted, abstained = (consultation(world.erlong, stage="closed") for _ in range(2))
    running = consultation(world.erlong, stage="voting")
    with clock.at(clock.now() - timedelta(days=2)):
        for case, option in ((voted, voted.ballot.options[0].id), (abstained, None)):
            casting.cast(actor, case.ballot, world.erlong.path, option)
        resident = world.actor("resident")
        casting.cast(resident, voted.ballot, world.erlong.path, voted.ballot.options[1].id)
    casting.cast(actor, running.ballot, world.erlong.path, running.ballot.options[0].id)
    secretary, deputy = world.actor("secretary"), world.actor("deputy")
    for comment in said[1:]:
        moderation.hide(
            deputy, world.erlong, "comment", comment.id, reason="off_topic", note=f"{NAME}您好"
        )
    first, second = moderation.of_author(person.id)
    moderation.object_to(person.id, first.id, f"我是{NAME}，电话{PHONE}。")
    moderation.answer(secretary, world.erlong, first.id, restore=False, words=f"{NAME}：不行。")
    moderation.object_to(person.id, second.id, f"{NAME}不同意。")
    return Life(person, gate, building, running, voted, said[0].id, said[1].id, offered.id)


def _serve(world: World, life: Life) -> None:
    """Let them have held a post, with official acts, that was ended."""
    now = clock.now()
    post = services.add_post(world.erlong.node, SECRETARY, "former", "老办公室")
    held = appoint(life.person, post.id)
    held.valid_from, held.valid_to = now - timedelta(days=60), now - timedelta(days=1)
    held.ended_by, held.end_reason = world.secretary.id, f"{NAME}退休"
    audit.append(
        "codes.made",
        person_id=life.person.id,
        post="老办公室",
        subject=f"node:{world.gate.id}",
        community_id=world.erlong.id,
    )


def _claim(world: World, life: Life) -> None:
    now = clock.now()
    claim = Claim(
        person_id=life.person.id,
        community_id=world.erlong.id,
        node_id=life.gate.id,
        kind="resident_registered",
        text=f"我叫{NAME}，住{BUILDING}{GATE}，电话{PHONE}",
        state="accepted",
        made_at=now,
    )
    db.session.add(claim)
    db.session.flush()
    for by, act in ((life.person.id, "answered"), (world.secretary.id, "accepted")):
        db.session.add(
            ClaimStep(claim_id=claim.id, act=act, by_id=by, text=f"{NAME}的户口本", at=now)
        )
    db.session.add(
        Standing(
            person_id=life.person.id,
            kind="resident_registered",
            node_id=life.gate.id,
            level=3,
            source="claim",
            claim_id=claim.id,
            verified_by=world.secretary.id,
            valid_from=now - timedelta(days=2),
            valid_to=now - timedelta(days=1),
            ended_by=world.secretary.id,
            end_reason=f"{NAME}已搬离{BUILDING}",
        )
    )


def _sign_in(world: World, life: Life) -> None:
    now = clock.now()
    person_id = life.person.id
    db.session.add_all(
        (
            SignIn(
                person_id=person_id,
                digest="d1",
                device=DEVICE,
                began_at=now,
                ends_at=now + timedelta(days=30),
                confirmed_at=now,
            ),
            SecondFactor(person_id=person_id, secret="SECRET", made_at=now, confirmed_at=now),
            BackupCode(person_id=person_id, digest="b1"),
            RecoveryCode(
                person_id=person_id,
                digest="r1",
                made_by=world.secretary.id,
                made_at=now,
                expires_at=now + timedelta(days=1),
            ),
        )
    )


def _write_to(life: Life, world: World) -> None:
    person_id = life.person.id
    claim_id = db.session.scalars(select(Claim.id).filter_by(person_id=person_id)).one()
    for subject, readers in (
        ("notice:1", [person_id, world.resident.id]),
        (f"person:{person_id}", [person_id]),
        (f"claim:{claim_id}", [world.secretary.id]),
        ("decision:1", [person_id]),
    ):
        values = {} if subject == "notice:1" else {"name": NAME, "place": GATE}
        message = Message(kind="unknown", subject=subject, values=values, at=clock.now())
        db.session.add(message)
        db.session.flush()
        db.session.add_all(
            InboxItem(message_id=message.id, person_id=reader, mail="none") for reader in readers
        )
    db.session.add(MailChoice(person_id=person_id, kind="unknown", rhythm="daily"))
    mail.queue(EMAIL, "您好", f"{NAME}您好", person_id=person_id)
    mail.queue(EMAIL, "您好", f"{NAME}您好")
