"""What the invented officers did with some reports beyond the steps of their stories."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from concerns.actions import handoff_answers
from concerns.actions.handing_on import hand_on
from concerns.actions.handoff_drafts import Draft, precisions_of
from concerns.actions.handoff_sweeps import lapse_overdue
from concerns.actions.services import plan, write_survey
from concerns.actions.tagging import add_tag
from concerns.actions.visiting import was_there
from concerns.actions.wrong_door import mark, take_over
from concerns.models import Concern, Handoff
from concerns.models.handoffs import SaidBy
from concerns.models.services import Service
from concerns.models.wrong_doors import Wrong
from engagement.audit.actors import Actor
from engagement.groups.models import Organisation
from engagement.people.models import User
from portal.demonstration.desk_setup import ASSOCIATION, BUILDINGS, STREETS

FINDINGS = {
    "number": ("ok", ""),
    "front_light": ("improve", "The lamp is there; a brighter bulb would do."),
    "deadbolt": ("improve", "The back door has only a latch."),
}


class Desk:
    """One officer and one supervisor at work on reports, which are found by their short names."""

    def __init__(
        self,
        found: Mapping[str, Concern],
        partners: Mapping[str, Organisation],
        users: Mapping[str, User],
        now: datetime,
    ) -> None:
        self._found, self._partners, self._users, self._now = found, partners, users, now
        self._officer = Actor.staff(users["officer"].pk)
        self._supervisor = Actor.staff(users["supervisor"].pk)

    def work(self) -> None:
        self._hand_on_what_others_mend()
        self._visit_and_tag()
        self._plan_services()
        self._meet_the_wrong_door()

    def _hand_on_what_others_mend(self) -> None:
        """One of each fate: taken on, new, out by mail, and not answered in time."""
        gate = self._give(
            "gate",
            ASSOCIATION,
            "The latch of a playground gate is worn out.",
            "Could one of your volunteers fit a new latch?",
            days_ago=2,
            due_in=6,
        )
        partner = Actor.staff(self._users["partner"].pk)
        since = self._now - timedelta(days=1)
        way = SaidBy.ACCOUNT
        handoff_answers.accept(handoff_id=gate.pk, way=way, by=partner, now=since)
        handoff_answers.answer(
            handoff_id=gate.pk,
            text="We have a latch and will fit it on Saturday morning.",
            way=way,
            by=partner,
            now=since,
        )
        self._give(
            "shutters",
            ASSOCIATION,
            "There is graffiti on a shop front.",
            "Could your cleaning day paint it over? The owner has agreed.",
            days_ago=1,
            due_in=9,
        )
        self._give(
            "empty-house",
            BUILDINGS,
            "An unused building is not locked.",
            "Please board it up and tell us when that is done.",
            days_ago=1,
            due_in=8,
        )
        self._give(
            "lights",
            STREETS,
            "Some lamps in this block do not work.",
            "Please repair them, or tell us who does.",
            days_ago=14,
            due_in=-1,
        )
        lapse_overdue(now=self._now)

    def _visit_and_tag(self) -> None:
        speeding = self._fresh("speeding")
        was_there(
            concern_id=speeding.pk,
            was_at=self._now - timedelta(days=1),
            line="Stood at the corner for an hour; two warnings.",
            by=Actor.staff(speeding.owner_id or self._users["supervisor"].pk),
            now=self._now,
        )
        for name, tag in (("speeding", "school run"), ("river-path", "river path")):
            concern = self._fresh(name)
            add_tag(
                concern_id=concern.pk,
                seen_version=concern.version,
                name=tag,
                by=self._supervisor,
                now=self._now,
            )

    def _plan_services(self) -> None:
        today = self._fresh("patrol").agency.day_of(self._now)
        for name, kind, first, last in (
            ("patrol", Service.PATROL, 0, 6),
            ("away", Service.VACATION, -1, 8),
            ("survey", Service.SURVEY, -1, -1),
        ):
            plan(
                concern_id=self._found[name].pk,
                kind=kind,
                from_on=today + timedelta(days=first),
                until_on=today + timedelta(days=last),
                by=self._officer,
                now=self._now,
            )
        write_survey(
            concern_id=self._found["survey"].pk,
            findings=FINDINGS,
            recheck_on=today + timedelta(days=30),
            by=self._officer,
            now=self._now,
        )

    def _meet_the_wrong_door(self) -> None:
        """A crime told as a concern: marked by an officer, taken over by the supervisor."""
        made = mark(
            concern_id=self._found["car-doors"].pk,
            kind=Wrong.CRIME,
            by=self._officer,
            now=self._now,
        )
        take_over(mark_id=made.pk, by=self._supervisor, now=self._now)

    def _fresh(self, name: str) -> Concern:
        concern = self._found[name]
        concern.refresh_from_db()
        return concern

    def _give(
        self, name: str, partner: str, brief: str, asked: str, *, days_ago: int, due_in: int
    ) -> Handoff:
        concern = self._fresh(name)
        sent = self._now - timedelta(days=days_ago)
        draft = Draft(
            organisation_id=self._partners[partner].pk,
            brief=brief,
            asked=asked,
            precision=precisions_of(concern)[0],
            due_on=concern.agency.day_of(self._now) + timedelta(days=due_in),
        )
        by = Actor.staff(concern.owner_id or self._users["supervisor"].pk)
        return hand_on(
            concern_id=concern.pk, seen_version=concern.version, draft=draft, by=by, now=sent
        )
