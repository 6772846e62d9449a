"""What people answer to a text: YES, STOP and START, in the words they use."""

import re
from datetime import datetime
from enum import Enum

from django.db import transaction

from engagement.keys.moments import floor_to_hour
from engagement.outbox import bell
from engagement.outbox.models import EVERY_KIND, Consent, ConsentWay, Message, Suppression
from engagement.outbox.states import State
from engagement.people.identity import find_contacts
from engagement.people.models import Contact, ContactKind
from engagement.places.models import Agency

# 47 CFR 64.1200(a)(10) names words and lets any other reasonable one count, so one of these
# anywhere in the answer is enough.
ENGLISH_STOP = {"STOP", "QUIT", "END", "REVOKE", "CANCEL", "UNSUBSCRIBE", "OPTOUT", "STOPALL"}
SPANISH_STOP = {"ALTO", "PARAR", "PARE", "BASTA", "CANCELAR", "DETENER", "TERMINAR", "NOMAS"}
STOP = frozenset(ENGLISH_STOP | SPANISH_STOP)
START = frozenset({"START", "UNSTOP", "YES", "SI", "EMPEZAR", "COMENZAR"})
HELP = frozenset({"HELP", "INFO", "AYUDA"})


# The code of a text that was held back because nobody said yes to the first one.
UNCONFIRMED = "unconfirmed"


class Wanted(Enum):
    STOP = "stop"
    START = "start"
    HELP = "help"
    NOTHING = "nothing"


def wanted_by(words: str) -> Wanted:
    """What an answer asks for. To stop wins: a text too few harms less than one too many."""
    plain = words.upper().replace("OPT OUT", "OPTOUT").replace("OPT-OUT", "OPTOUT")
    said = set(re.findall(r"[A-Z]+", plain.replace("Í", "I").replace("NO MÁS", "NOMAS")))
    if said & STOP:
        return Wanted.STOP
    if said & START and len(said) == 1:
        return Wanted.START
    return Wanted.HELP if said & HELP else Wanted.NOTHING


@transaction.atomic(durable=True)
def stop_texts(number: str, *, way: ConsentWay, now: datetime) -> int:
    """End every text to this number, at every agency; returns how many uses of it that ended."""
    ended = 0
    for contact in _with_number(number):
        row = Suppression(contact=contact, kind=EVERY_KIND, since_on=now.date())
        if Suppression.objects.filter(contact=contact, kind=EVERY_KIND).exists():
            continue
        Suppression.objects.bulk_create([row], ignore_conflicts=True)
        _note(contact, is_given=False, way=way, now=now)
        ended += 1
    return ended


@transaction.atomic(durable=True)
def start_texts(number: str, *, way: ConsentWay, now: datetime) -> int:
    """Hear a yes to the first text, or take STOP back; returns for how many uses of the number.

    What waited for the yes leaves now: one text for each use, however many waited.
    """
    begun = 0
    for contact in _with_number(number):
        count, _rows = Suppression.objects.filter(contact=contact, kind=EVERY_KIND).delete()
        is_first_yes = Contact.objects.filter(pk=contact.pk, is_confirmed=False).update(
            is_confirmed=True
        )
        if count or is_first_yes:
            _note(contact, is_given=True, way=way, now=now)
            begun += 1
        if is_first_yes:
            _send_what_waited(contact, now)
    return begun


def _send_what_waited(contact: Contact, now: datetime) -> None:
    waited = Message.objects.filter(
        contact=contact, state=State.SUPPRESSED, last_code=UNCONFIRMED
    ).exclude(useful_until__lte=now)
    newest = waited.order_by("-due_at", "-position").select_for_update().first()
    if newest is None:
        return
    newest.state, newest.finished_at, newest.last_code = State.PLANNED, None, ""
    newest.try_at = floor_to_hour(now) if newest.is_coarse else now
    newest.save(update_fields=["state", "finished_at", "last_code", "try_at"])
    bell.ring_on_commit()


def _with_number(number: str) -> list[Contact]:
    """Every use of the number. Each agency hashes with a key of its own, so each is asked."""
    agencies: list[int | None] = [None, *Agency.objects.order_by("pk").values_list("pk", flat=True)]
    return [
        contact
        for agency_id in agencies
        for contact in find_contacts(number, agency_id, kind=ContactKind.TEXT)
    ]


def _note(contact: Contact, *, is_given: bool, way: ConsentWay, now: datetime) -> None:
    Consent.objects.create(
        contact=contact, kind=EVERY_KIND, is_given=is_given, way=way, said_on=now.date()
    )
