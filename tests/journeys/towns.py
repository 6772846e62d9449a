"""Towns of the journeys: each an agency with a host name of its own, an officer and a password."""

from dataclasses import dataclass
from itertools import count

from django.utils import timezone

from concerns.actions import publishing, triage
from concerns.actions.replying import Spoken
from concerns.models import Concern
from concerns.models.languages import MadeBy
from concerns.wishes import Reach, Wishes
from engagement.audit.actors import Actor
from engagement.keys.references import spaced
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency, Hotline
from engagement.places.queries import areas, blocks, streetmaps
from engagement.places.wording import Wording
from tests import worlds
from tests.journeys.portal import HOSTS
from tests.journeys.steps import Receipt

NAMES = ("cedar", "maple", "linden", "hazel", "alder", "rowan", "aspen", "birch", "elm", "juniper")
NUMBERS = count()
OFFICER = "Officer Vale"


@dataclass(frozen=True)
class Town:
    """Where one journey happens; `officer` looks after its western district."""

    agency: Agency
    host: str
    officer: User
    officer_email: str


def next_town() -> Town:
    """Make the next agency in the database that the connections point at."""
    number, now = next(NUMBERS), timezone.now()
    name = NAMES[number % len(NAMES)]
    slug = name if number < len(NAMES) else f"{name}-{number}"
    agency = worlds.agency(slug, now=now)
    agency.hosts = [HOSTS[number]]
    agency.looks_at_reports = Wording(
        {"en": "Every weekday at 8 am.", "es": "Cada día hábil a las 8 de la mañana."}
    )
    agency.non_emergency_phone = "555-0100"
    agency.save()
    email = f"officer@{slug}.example"
    return Town(
        agency=agency,
        host=HOSTS[number],
        officer=worlds.officer(agency, OFFICER, email=email, now=now),
        officer_email=email,
    )


def hotline(agency: Agency) -> Hotline:
    """Give the help page of this agency a number of its own."""
    return Hotline.objects.create(
        agency=agency,
        code="crisis",
        label=Wording({"en": "Crisis line", "es": "Línea de crisis"}),
        number="988",
        number_href="988",
        hours=Wording({"en": "Day and night", "es": "Día y noche"}),
        when=Wording({"en": "Someone is in despair.", "es": "Alguien está desesperado."}),
        sort=1,
        last_checked_on=timezone.now().date(),
        is_on_help_screen=True,
    )


def forget_maps() -> None:
    """Maps are remembered by agency, and another database has other agencies."""
    areas._areas.forget()
    streetmaps._maps.forget()
    blocks._blocks.forget()


def hashers_of_portal() -> list[str]:
    return ["django.contrib.auth.hashers.Argon2PasswordHasher"]


@dataclass(frozen=True)
class Shown:
    """A concern of a town that every page of the story can show."""

    receipt: Receipt
    staff_reference: str
    public_reference: str

    @property
    def desk_path(self) -> str:
        return f"/desk/concerns/{self.staff_reference}/"


def boss_of(town: Town) -> str:
    """Make an agency administrator; their address."""
    email = f"clerk@{town.agency.slug}.example"
    worlds.officer(
        town.agency,
        "Chief Clerk",
        role=Role.AGENCY_ADMIN,
        district=None,
        email=email,
        now=timezone.now(),
    )
    return email


def head_of(town: Town) -> str:
    """Make a supervisor; their address."""
    email = f"head@{town.agency.slug}.example"
    worlds.officer(
        town.agency,
        "Sergeant Oak",
        role=Role.SUPERVISOR,
        district=None,
        email=email,
        now=timezone.now(),
    )
    return email


def call_and_spam(town: Town) -> None:
    """Somebody waits for a call in the evening, and one report looks like spam."""
    now, by = timezone.now(), Actor.staff(town.officer.pk)
    wishes = Wishes(no_voice_mail=True, ask_for="Rosa")
    wish = Reach("phone", value="+13145550100", hours=frozenset({"evening"}), wishes=wishes)
    words = {"text": "Pintura azul.", "place_text": "", "language": "es"}
    calling = worlds.reported(town.agency, level="confidential", wish=wish, now=now, **words)
    pk = calling.concern.pk
    triage.accept(concern_id=pk, seen_version=calling.concern.version, by=by, now=now)
    seen = Concern.objects.get(pk=pk).version
    own = Spoken(language="es", made_by=MadeBy.WRITER)
    triage.reply(concern_id=pk, seen_version=seen, text="Ya vamos.", by=by, now=now, spoken=own)
    worlds.reported(town.agency, suspicion=("trap",), now=now, **words)


def shown_concern(town: Town, *, spanish: bool = False) -> Shown:
    """A report that was accepted, published, updated and answered, and waits for an answer."""
    now, by = timezone.now(), Actor.staff(town.officer.pk)
    words = "Pintura roja en el paso." if spanish else "Red paint in the underpass."
    hotline(town.agency)
    stored = worlds.reported(town.agency, text=words, place_text="", now=now)
    pk = stored.concern.pk

    def version() -> int:
        return Concern.objects.get(pk=pk).version

    triage.accept(concern_id=pk, seen_version=version(), by=by, now=now)
    wording = Wording({"en": "Paint near the creek.", "es": "Pintura cerca del arroyo."})
    if spanish:
        wording = Wording({"en": "Pintura cerca del arroyo.", "es": "Pintura cerca del arroyo."})
    made = publishing.publish(
        concern_id=pk, seen_version=version(), summary=wording, by=by, now=now
    )
    triage.add_note(concern_id=pk, seen_version=version(), text="Brigada 4.", by=by, now=now)
    triage.ask(concern_id=pk, seen_version=version(), text="¿Cuál muro?", by=by, now=now)
    worlds.reported(town.agency, text=words, place_text="", now=now)
    return Shown(
        receipt=Receipt(spaced(stored.tracking_code), stored.secret),
        staff_reference=stored.concern.staff_reference,
        public_reference=made.reference,
    )
