"""To whom a report was handed on, as the export shows it to its reporter."""

from django.utils.translation import gettext as _

from concerns.actions.export_beside import kept_back
from concerns.actions.export_shape import DIGEST, INTERNAL, OTHERS, REFERENCE, STAFF, Table
from concerns.models import (
    ContactConsent,
    Handoff,
    HandoffEntry,
    HandoffLink,
    OutsideRequest,
    Referral,
    ReturnedPhoto,
    SharedPhoto,
)


def tables_handed_on() -> list[Table]:
    """In the order of the export; labels in the language of now."""
    return [
        _handoffs(),
        _referrals(),
        _consents(),
        kept_back(
            "handed_on_answers", _("Answers of who it was handed to"), HandoffEntry, "", OTHERS
        ),
        kept_back(
            "handed_on_photos", _("Photos of who it was handed to"), ReturnedPhoto, "", OTHERS
        ),
        kept_back("handed_on_shown", _("Public photos that they saw"), SharedPhoto, "", REFERENCE),
        kept_back("handed_on_links", _("Links for who it was handed to"), HandoffLink, "", DIGEST),
        kept_back("handed_on_filed", _("Filing at another server"), OutsideRequest, "", REFERENCE),
    ]


def _handoffs() -> Table:
    return Table(
        code="handed_on",
        heading=_("Handed on, without your name and words"),
        model=Handoff,
        rows=lambda concern: concern.handoffs.select_related("organisation").order_by("id"),
        fields={
            "organisation": _("To"),
            "brief": _("What they were told"),
            "asked": _("What they were asked"),
            "place_label": _("Place that they were told"),
            "precision": _("How closely"),
            "lon": _("Longitude that they were told"),
            "lat": _("Latitude that they were told"),
            "way": _("Way"),
            "sent_at": _("In the hour from (UTC)"),
            "due_on": _("To be done by"),
            "state": _("State"),
            "ended_at": _("Ended in the hour from (UTC)"),
            "number": _("Their number"),
            "status": _("How it stands there"),
            "reminded_on": _("Reminded on"),
            "mailings": _("Links sent"),
        },
        left_out={**INTERNAL, "reference": REFERENCE, "by_user": STAFF},
    )


def _referrals() -> Table:
    return Table(
        code="referred",
        heading=_("Passed on for good"),
        model=Referral,
        rows=lambda concern: concern.referrals.select_related("arrived").order_by("id"),
        fields={
            "to_name": _("To"),
            "arrived": _("Tracking code there"),
            "with_contact": _("With your address"),
            "words": _("What you were told"),
            "at": _("In the hour from (UTC)"),
        },
        left_out={**INTERNAL, "by_user": STAFF},
        special={"arrived": lambda row: row.arrived.tracking_code if row.arrived else ""},
    )


def _consents() -> Table:
    return Table(
        code="consents",
        heading=_("Whether your address may be passed on"),
        model=ContactConsent,
        rows=lambda concern: concern.contact_consents.select_related("to_agency").order_by("id"),
        fields={
            "to_agency": _("To"),
            "asked_on": _("Asked on"),
            "is_given": _("You said yes"),
            "answered_on": _("Answered on"),
        },
        left_out=dict(INTERNAL),
    )
