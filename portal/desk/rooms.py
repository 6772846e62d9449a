"""All rooms of the desk on one page, each with a sentence: what there is, for whoever may enter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from concerns.outside_registry import DUTY
from concerns.querysets import IDENTITY, READ
from concerns.registry import (
    BULK,
    CALL,
    FILE,
    HOLD,
    MODERATE,
    RULES,
    SPAM,
    TAGS,
    TEMPLATES,
    TRIAGE,
    WORKLOAD,
)
from engagement.doors.access import staff_page
from engagement.doors.requests import StaffRequest
from engagement.groups.registry import MANAGE as MANAGE_PARTNERS
from engagement.people.granting import MANAGE as MANAGE_PEOPLE
from engagement.people.rights import allowed
from meetings.querysets import READ as READ_MEETINGS
from portal.desk.registry import OPEN
from portal.letters.registry import RESEND
from portal.sheets.registry import BEAT, WEEK

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Room:
    """`name` is the address's; it needs no arguments."""

    name: str
    permission: str
    label: "StrOrPromise"
    sentence: "StrOrPromise"

    @property
    def url(self) -> str:
        return reverse(self.name)


@dataclass(frozen=True)
class Floor:
    heading: "StrOrPromise"
    rooms: tuple[Room, ...]


FLOORS = (
    Floor(
        _("Every day"),
        (
            Room("desk", OPEN, _("Desk"), _("What needs doing now, with counts.")),
            Room("desk_concerns", READ, _("Concerns"), _("The queue: filter, search, sort.")),
            Room(
                "desk_filters",
                READ,
                _("Saved filters"),
                _("Your searches of the queue and those of your team."),
            ),
            Room(
                "desk_concern_new",
                FILE,
                _("File for somebody"),
                _("Take a report from a caller, a visitor or a letter."),
            ),
            Room(
                "desk_absences",
                TRIAGE,
                _("Absences"),
                _("Who is away, and who stands in for whom."),
            ),
            Room(
                "desk_languages",
                TRIAGE,
                _("Languages at the desk"),
                _("Words that wait for a language, and which ones you write."),
            ),
            Room(
                "desk_wrong_doors",
                READ,
                _("To be acted on at once"),
                _("Danger, abuse and crimes that were reported here, and who has them."),
            ),
            Room(
                "desk_services",
                TRIAGE,
                _("Today's round"),
                _("Where to come by today: extra patrols, homes, surveys."),
            ),
            Room("desk_duty", DUTY, _("Duty list"), _("Which supervisor is paged, and from when.")),
            Room("desk_calls", CALL, _("Calls"), _("Reporters who asked for a call or a letter.")),
            Room(
                "desk_from_reporters",
                READ,
                _("What reporters ask and say"),
                _("Wishes to remove words, corrected places, ratings."),
            ),
            Room(
                "desk_suspected",
                SPAM,
                _("Suspected spam"),
                _("Reports that look like spam wait for a person."),
            ),
            Room(
                "desk_moderation",
                MODERATE,
                _("Moderation"),
                _("Suspected spam, words to remove and flags, decided for published reasons."),
            ),
            Room(
                "desk_bulk",
                BULK,
                _("Steps on many cases"),
                _("What you did to many at once, what came of it, and taking it back."),
            ),
            Room(
                "desk_handover",
                BULK,
                _("Hand work over"),
                _("All open cases of somebody who leaves go to others."),
            ),
        ),
    ),
    Floor(
        _("On paper and in numbers"),
        (
            Room(
                "desk_workload",
                WORKLOAD,
                _("Workload"),
                _("What lies with each officer and area, and what is late."),
            ),
            Room("desk_sheets", BEAT, _("Sheets"), _("One page per area to take along.")),
            Room("desk_week", WEEK, _("The week in numbers"), _("What came, what was done.")),
            Room(
                "desk_look_ups",
                IDENTITY,
                _("Openings of addresses"),
                _("Who opened an address or looked for a reporter's other reports, and why."),
            ),
            Room(
                "desk_holds",
                HOLD,
                _("Legal holds"),
                _("Reports of which nothing may be erased, and who waits for that."),
            ),
            Room(
                "desk_messages",
                RESEND,
                _("Messages that did not arrive"),
                _("Why a mail or text got stuck, and sending it again."),
            ),
            Room("desk_posters", FILE, _("Posters"), _("Codes to scan, and how often they were.")),
        ),
    ),
    Floor(
        _("With others"),
        (
            Room("desk_meetings", READ_MEETINGS, _("Meetings"), _("Plan them, read who comes.")),
            Room(
                "desk_organisations",
                MANAGE_PARTNERS,
                _("Partners"),
                _("Organisations that take work, and who works for them."),
            ),
        ),
    ),
    Floor(
        _("How the desk works"),
        (
            Room("desk_people", MANAGE_PEOPLE, _("People"), _("Invite, give roles, let go.")),
            Room(
                "desk_devices",
                MANAGE_PEOPLE,
                _("Devices"),
                _("Computers in cars and phones on which a sign-in lasts for a shift."),
            ),
            Room("desk_keys", OPEN, _("Keys"), _("Letters that act on lists; switch them off.")),
            Room(
                "desk_routing",
                RULES,
                _("Who gets what"),
                _("Rules that send new concerns, tried before they hold; late work."),
            ),
            Room("desk_teams", RULES, _("Teams"), _("Who shares work, and who hears of it.")),
            Room(
                "desk_templates",
                TEMPLATES,
                _("Texts for replies"),
                _("What replies begin with, for each state, kind and language."),
            ),
            Room("desk_tags", TAGS, _("Tags"), _("Words by which staff find cases again.")),
            Room(
                "desk_calls_file",
                RULES,
                _("Calls file"),
                _("Which column of the nightly file holds what, tried on a file of yours."),
            ),
        ),
    ),
)


@staff_page(OPEN)
@require_safe
def rooms(request: StaffRequest) -> HttpResponse:
    """The rooms that this member of staff may enter."""
    floors = [
        Floor(floor.heading, tuple(room for room in floor.rooms if _may_enter(request, room)))
        for floor in FLOORS
    ]
    return render(request, "desk/rooms.html", {"floors": [one for one in floors if one.rooms]})


def _may_enter(request: StaffRequest, room: Room) -> bool:
    return allowed(request.user, room.permission, agency_id=request.agency.pk)
