"""The report itself, its course, and what ties it to its reporter, as the export shows them."""

from typing import Any

from django.utils.translation import gettext as _

from concerns.actions.export_shape import (
    ACCOUNT,
    DIGEST,
    INTERNAL,
    NOTES,
    NUMBER,
    ORDERING,
    REFERENCE,
    SAME_WORDS,
    SEALED,
    STAFF,
    Table,
)
from concerns.models import (
    AccessLink,
    Adoption,
    Concern,
    ConcernArea,
    DelayReason,
    Note,
    PlaceCorrection,
    RatingMark,
    Reading,
    RemovalRequest,
    Reply,
    Reporter,
    StatusChange,
)


def own_tables() -> list[Table]:
    """In the order of the export; labels in the language of now."""
    return [
        _concern(),
        _reporter(),
        _conversation(),
        _moves(),
        _areas(),
        _corrections(),
        _delays(),
        _removals(),
        _ratings(),
        _adoptions(),
        _links(),
        _readings(),
        _notes(),
    ]


def _concern() -> Table:
    return Table(
        code="report",
        heading=_("The report"),
        model=Concern,
        rows=lambda concern: [concern],
        fields={
            "tracking_code": _("Tracking code"),
            "agency": _("Agency"),
            "category": _("Kind"),
            "text": _("Your words"),
            "language": _("Language"),
            "place_text": _("Place in words"),
            "lon": _("Longitude"),
            "lat": _("Latitude"),
            "place_source": _("How the place was named"),
            "is_home": _("Said to be a home"),
            "area": _("Police area"),
            "level": _("How you are known"),
            "channel": _("Came by"),
            "received_at": _("Received in the hour from (UTC)"),
            "received_on": _("Received"),
            "state": _("State"),
            "outcome": _("What came of it"),
            "waiting_on": _("Waits for"),
            "waiting_since": _("Waits since"),
            "waited_days": _("Business days waited"),
            "owner": _("Somebody works on it"),
            "changed_hands_on": _("Came to another area on"),
            "priority": _("Priority"),
            "acknowledge_by": _("First answer by"),
            "resolve_by": _("Aim to resolve by"),
            "resolved_at": _("Resolved in the hour from (UTC)"),
            "closed_at": _("Closed in the hour from (UTC)"),
            "reopened_count": _("Opened again, times"),
            "danger": _("Help that its words call for"),
            "version": _("Changes"),
            "external_id": _("Number in another system"),
            "public": _("Public page"),
        },
        left_out={
            "id": NUMBER,
            "staff_reference": REFERENCE,
            "submission_digest": DIGEST,
            "secret_digest": DIGEST,
            "search": SAME_WORDS,
            "note_words": NOTES,
            "due_by": ORDERING,
            "urgency": ORDERING,
            "last_message": ORDERING,
            "unanswered_since": ORDERING,
            "very_late_after": ORDERING,
            "team": STAFF,
        },
        special={
            "owner": lambda concern: concern.owner_id is not None,
            "public": lambda concern: concern.public.reference if concern.public else "",
        },
    )


def _reporter() -> Table:
    return Table(
        code="reporter",
        heading=_("What is known of you"),
        model=Reporter,
        rows=lambda concern: Reporter.objects.select_related("contact").filter(concern=concern),
        fields={
            "contact": _("Kind of address that is held"),
            "account_link": _("Was sent from an account and is tied to it"),
        },
        left_out={**INTERNAL, "contact value": SEALED},
        special={
            "contact": _kind_of_contact,
            "account_link": lambda reporter: reporter.account_link is not None,
        },
    )


def _kind_of_contact(reporter: Any) -> str:
    contact = reporter.contact
    return str(contact.get_kind_display()) if contact and contact.ciphertext else ""


def _conversation() -> Table:
    return Table(
        code="conversation",
        heading=_("Between you and the police"),
        model=Reply,
        rows=lambda concern: concern.replies.order_by("id"),
        fields={
            "direction": _("Direction"),
            "is_question": _("Is a question"),
            "text": _("Words"),
            "at": _("In the hour from (UTC)"),
        },
        left_out={**INTERNAL, "by_user": STAFF},
    )


def _moves() -> Table:
    return Table(
        code="moves",
        heading=_("States"),
        model=StatusChange,
        rows=lambda concern: concern.status_changes.order_by("id"),
        fields={
            "state": _("State"),
            "outcome": _("What came of it"),
            "at": _("In the hour from (UTC)"),
            "by_party": _("By"),
        },
        left_out={**INTERNAL, "by_user": STAFF},
    )


def _areas() -> Table:
    return Table(
        code="areas",
        heading=_("Areas that hold the place"),
        model=ConcernArea,
        rows=lambda concern: concern.areas.select_related("area").order_by("id"),
        fields={"area": _("Area")},
        left_out=dict(INTERNAL),
    )


def _corrections() -> Table:
    return Table(
        code="former_places",
        heading=_("Places before you corrected them"),
        model=PlaceCorrection,
        rows=lambda concern: concern.place_corrections.select_related("area").order_by("id"),
        fields={
            "at": _("Corrected in the hour from (UTC)"),
            "place_text": _("Place in words"),
            "lon": _("Longitude"),
            "lat": _("Latitude"),
            "place_source": _("How the place was named"),
            "is_home": _("Said to be a home"),
            "area": _("Police area"),
        },
        left_out=dict(INTERNAL),
    )


def _delays() -> Table:
    return Table(
        code="why_late",
        heading=_("Why it is late"),
        model=DelayReason,
        rows=lambda concern: concern.delay_reasons.order_by("id"),
        fields={"text": _("Words"), "at": _("In the hour from (UTC)")},
        left_out={**INTERNAL, "by_user": STAFF},
    )


def _removals() -> Table:
    return Table(
        code="removal_requests",
        heading=_("Words that you asked to have removed"),
        model=RemovalRequest,
        rows=lambda concern: concern.removal_requests.order_by("id"),
        fields={
            "asked": _("Your words"),
            "at": _("In the hour from (UTC)"),
            "answer": _("Answer"),
            "answered_at": _("Answered in the hour from (UTC)"),
        },
        left_out={**INTERNAL, "answered_by": STAFF},
    )


def _ratings() -> Table:
    return Table(
        code="rating",
        heading=_("Your rating"),
        model=RatingMark,
        rows=lambda concern: RatingMark.objects.filter(concern=concern),
        fields={"concern": _("Rated; what you answered is kept apart and not tied to this report")},
        left_out={"agency": NUMBER},
        special={"concern": lambda mark: True},
    )


def _adoptions() -> Table:
    return Table(
        code="accounts",
        heading=_("Accounts that list it under My reports"),
        model=Adoption,
        rows=lambda concern: concern.adoptions.order_by("id"),
        fields={"concern": _("Listed in an account")},
        left_out={"id": NUMBER, "agency": NUMBER, "account_link": ACCOUNT},
        special={"concern": lambda adoption: True},
    )


def _links() -> Table:
    return Table(
        code="mailed_links",
        heading=_("Mailed ways in"),
        model=AccessLink,
        rows=lambda concern: concern.access_links.order_by("id"),
        fields={"expires_at": _("Good until (UTC)"), "used_at": _("Used (UTC)")},
        left_out={**INTERNAL, "token_digest": DIGEST},
    )


def _readings() -> Table:
    # Shown by role and day, together with readings of the address.
    return Table(
        code="page_readings",
        heading=_("Who of the staff opened it"),
        model=Reading,
        rows=lambda concern: (),
        fields={"role": _("Who"), "on": _("Day")},
        left_out={**INTERNAL, "by_user": STAFF},
        is_told_elsewhere=True,
    )


def _notes() -> Table:
    return Table(
        code="notes",
        heading=_("Notes among staff"),
        model=Note,
        rows=lambda concern: concern.notes.order_by("id"),
        fields={},
        left_out=dict.fromkeys(("id", "agency", "concern", "text", "at", "by_user"), NOTES),
        is_withheld=True,
    )
