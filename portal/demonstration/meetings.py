"""Invented meetings of Cedar Bend: two town halls, an outreach event, and a draft."""

import secrets
from datetime import date, datetime, time, timedelta

from engagement.audit.actors import Actor
from engagement.places.models import Agency, Area
from engagement.places.wording import Wording
from meetings.actions import planning
from meetings.actions.answering import Answer, rsvp
from meetings.models import Kind, Meeting, Mode
from portal.demonstration.accounts import DOMAIN

PARTIES = (1, 2, 1, 4, 2)
NEEDS = "A seat near the front, please. I hear badly on the left."


def hold_meetings(agency: Agency, *, by: Actor, now: datetime) -> None:
    """Plan four meetings in the weeks after `now`, announce three, answer the first."""
    today = agency.day_of(now)
    hall = _announced(agency, _town_hall(agency, _weekday(today, 9, 1)), by=by, now=now)
    _announced(agency, _online_hall(_weekday(today, 20, 3)), by=by, now=now)
    _announced(agency, _block_party(agency, _weekday(today, 12, 5)), by=by, now=now)
    planning.draft(agency=agency, details=_beat(agency, _weekday(today, 34, 2)), by=by, now=now)
    for number, party in enumerate(PARTIES):
        answer = Answer(
            meeting=hall,
            party_size=party,
            language="es" if number == 1 else "en",
            submission_key=secrets.token_urlsafe(20),
            email=f"neighbor-{number}@{DOMAIN}" if number else None,
            needs=NEEDS if number == 2 else "",
        )
        rsvp(answer=answer, by=Actor.resident(), now=now)


def _announced(agency: Agency, details: planning.Details, *, by: Actor, now: datetime) -> Meeting:
    made = planning.draft(agency=agency, details=details, by=by, now=now)
    return planning.announce(meeting=made, version=made.version, by=by, now=now)


def _weekday(today: date, days: int, weekday: int) -> date:
    """The first such weekday (Monday is 0) at least so many days ahead."""
    day = today + timedelta(days=days)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _areas(agency: Agency, *names: str) -> list[int]:
    rows = Area.objects.filter(agency=agency, name__in=names).order_by("name")
    return list(rows.values_list("pk", flat=True))


def _town_hall(agency: Agency, day: date) -> planning.Details:
    return planning.Details(
        kind=Kind.TOWN_HALL,
        title=Wording(
            {
                "en": "Speeding and parking on the north side",
                "es": "Exceso de velocidad y estacionamiento en el lado norte",
            }
        ),
        when=planning.Change(
            starts_wall=datetime.combine(day, time(18, 30)),
            minutes=90,
            place_name="Carpenter Branch Library, meeting room 2",
            place_address="310 N Cedar Ave",
        ),
        summary=Wording(
            {
                "en": "Officer Vale shows where cars were measured this fall and what changed. "
                "Then it is your turn: which corner comes next?",
                "es": "El agente Vale muestra dónde se midieron los autos este otoño y qué "
                "cambió. Luego le toca a usted: ¿qué esquina sigue?",
            }
        ),
        agenda_note=Wording(
            {
                "en": "Welcome and numbers of the fall\nYour corners: questions and answers\n"
                "What we promise until spring",
                "es": "Bienvenida y cifras del otoño\nSus esquinas: preguntas y respuestas\n"
                "Lo que prometemos hasta la primavera",
            }
        ),
        access_notes=Wording(
            {
                "en": "Ramp at the east door, elevator to the second floor. Bus 8 stops in "
                "front. Free parking behind the library. A Spanish interpreter is there.",
                "es": "Rampa en la puerta este, ascensor al segundo piso. El autobús 8 para "
                "enfrente. Estacionamiento gratis detrás de la biblioteca. Hay intérprete.",
            }
        ),
        languages=("en", "es"),
        capacity=60,
        area_ids=_areas(agency, "North District", "Orchard Park", "Lantern Hill"),
    )


def _online_hall(day: date) -> planning.Details:
    return planning.Details(
        kind=Kind.TOWN_HALL,
        title=Wording(
            {
                "en": "The year in numbers: ask the chief",
                "es": "El año en cifras: pregúntele al jefe de policía",
            }
        ),
        when=planning.Change(
            starts_wall=datetime.combine(day, time(19, 0)),
            minutes=60,
            mode=Mode.HYBRID,
            place_name="City Hall, council room",
            place_address="1 Courthouse Square",
            joining=planning.WayIn("https://meet.demo.invalid/ask-the-chief", "555-0142, code 20"),
        ),
        summary=Wording(
            {
                "en": "What neighbors reported this year, how fast it was answered, and what is "
                "planned for the next. Questions from the room and from home.",
                "es": "Lo que los vecinos reportaron este año, qué tan rápido se respondió y qué "
                "se planea para el próximo. Preguntas desde la sala y desde casa.",
            }
        ),
        languages=("en", "es", "ase"),
    )


def _block_party(agency: Agency, day: date) -> planning.Details:
    return planning.Details(
        kind=Kind.OUTREACH,
        title=Wording(
            {"en": "Bike marking at Riverside", "es": "Marcado de bicicletas en Riverside"}
        ),
        when=planning.Change(
            starts_wall=datetime.combine(day, time(10, 0)),
            minutes=180,
            place_name="Riverside boathouse",
            place_address="River Rd and 4th St N",
        ),
        summary=Wording(
            {
                "en": "Bring your bike: we mark the frame and write it into the register, free "
                "of charge. It takes ten minutes."
            }
        ),
        languages=("en",),
        area_ids=_areas(agency, "Riverside", "River District"),
    )


def _beat(agency: Agency, day: date) -> planning.Details:
    return planning.Details(
        kind=Kind.BEAT_MEETING,
        title=Wording({"en": "Mill District beat meeting", "es": "Reunión de Mill District"}),
        when=planning.Change(
            starts_wall=datetime.combine(day, time(18, 0)),
            minutes=60,
            place_name="Old Mill School, cafeteria",
            place_address="Old Mill Rd",
        ),
        summary=Wording({"en": "What moved since last month, and what is stuck."}),
        languages=("en",),
        area_ids=_areas(agency, "Mill District"),
    )
