"""An association beside the police: who works for it, and what was handed to it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from concerns.actions.handing_on import hand_on
from concerns.actions.handoff_drafts import Draft
from concerns.models import Concern, Handoff
from concerns.models.handoffs import Precision
from engagement.audit.actors import Actor
from engagement.groups.actions import add_member
from engagement.groups.models import Organisation, TakesBy
from engagement.people.roles import Role
from tests import worlds
from tests.concerns.handoffs.handing import organisation
from tests.journeys.towns import Town

NAME = "Orchard Park Association"
BRIEF = "There is graffiti on a wall by the street."
ASKED = "Could your cleaning day paint it over?"


@dataclass(frozen=True)
class Board:
    """`email` is the address of the body itself, `member_email` of one who works for it."""

    body: Organisation
    email: str
    member_email: str


def board_of(town: Town, *, takes_by: TakesBy = TakesBy.ACCOUNT) -> Board:
    """Make an association with one member, who has an account."""
    now, slug = timezone.now(), town.agency.slug
    email, member_email = f"board@{slug}.example", f"sam@{slug}.example"
    body = organisation(town.agency, NAME, takes_by=takes_by, email=email, now=now)
    partner = worlds.officer(
        town.agency, "Sam Brook", role=Role.PARTNER, district=None, email=member_email, now=now
    )
    add_member(organisation=body, user_id=partner.pk, by=worlds.BY, now=now)
    return Board(body, email, member_email)


def handed_to(town: Town, board: Board, concern: Concern) -> Handoff:
    """Hand it on as the officer of the town, to be done within ten days."""
    now = timezone.now()
    draft = Draft(
        organisation_id=board.body.pk,
        brief=BRIEF,
        asked=ASKED,
        precision=Precision.BLOCK,
        due_on=town.agency.day_of(now) + timedelta(days=10),
    )
    return hand_on(
        concern_id=concern.pk,
        seen_version=concern.version,
        draft=draft,
        by=Actor.staff(town.officer.pk),
        now=now,
    )
