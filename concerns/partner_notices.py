"""Mails to whom work is handed to, and to the officer when something comes back.

A link is made when its mail is written, so that only the mail ever holds it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concerns.handoff_tokens import new_token, token_digest
from concerns.models import Concern, Handoff, HandoffLink
from concerns.models.handoffs import LinkUse, Precision
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.groups.models import TakesBy
from engagement.keys.references import spaced
from engagement.outbox.actions.planning import queue_audience, withdraw
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.people.models import Contact
from engagement.people.queries import staff_holding
from engagement.people.roles import Role

LINK = "concerns.handed_link"
MAIL = "concerns.handed_mail"
ACCOUNT = "concerns.handed_account"
REMINDER = "concerns.handoff_reminder"
TAKEN_BACK = "concerns.handoff_taken_back"
CAME_BACK = "concerns.handoff_came_back"

KINDS = {TakesBy.LINK: LINK, TakesBy.MAIL: MAIL, TakesBy.ACCOUNT: ACCOUNT}
# A late answer is taken so long after the day that was asked for.
LINK_OUTLIVES = timedelta(days=14)


def sent(handoff: Handoff, *, now: datetime, notes: Together | None = None) -> None:
    """Mail it to its organisation, by the way that it takes work; nothing for the other ways.
    With `notes` the mail is gathered there."""
    kind = KINDS.get(TakesBy(handoff.way))
    if kind is not None:
        _queue(kind, handoff, event=f"sent:{handoff.mailings}", now=now, notes=notes)


def remind(handoff: Handoff, *, now: datetime) -> None:
    """Say that the day comes near; once for each day that was asked for."""
    if TakesBy(handoff.way) in KINDS:
        _queue(REMINDER, handoff, event=f"due:{handoff.due_on}", now=now)


def taken_back(handoff: Handoff, *, now: datetime) -> None:
    """Say that nothing more is asked of them, unless they never heard of it."""
    if TakesBy(handoff.way) not in KINDS:
        return
    withdraw(subject=_subject(handoff), now=now)
    _queue(TAKEN_BACK, handoff, event="taken_back", now=now)


def came_back(concern: Concern, *, event: str, now: datetime) -> None:
    """Tell the officer that somebody outside answered, or did not in time."""
    if concern.owner_id is None:
        return
    owner = Contact.objects.filter(account=concern.owner_id, account__is_active=True)
    queue_audience(
        CAME_BACK,
        audience=owner,
        agency_id=concern.agency_id,
        subject=Subject("concern", concern.staff_reference),
        event=event,
        now=now,
        is_coarse=concern.is_anonymous,
    )


def link_ends_at(handoff: Handoff) -> datetime:
    """The end of the agency's day on which a link to it works for the last time."""
    after = handoff.due_on + LINK_OUTLIVES + timedelta(days=1)
    return datetime.combine(after, time.min, tzinfo=handoff.agency.zone)


def reply_address(token: str) -> str:
    """Where answers to the mail with this token go; "" where no mail server hands them to us."""
    local, _at, domain = settings.MAIL_IN_ADDRESS.rpartition("@")
    return f"{local}+{token}@{domain}" if local else ""


def letter_words(
    *,
    police: str,
    reference: str,
    kind: object,
    brief: str,
    asked: str,
    place_label: str,
    precision: str,
    due_on: date,
) -> dict[str, Any]:
    """What the mail that holds the whole document prints, besides its links."""
    has_place = precision != Precision.NONE
    return {
        "police": police,
        "reference": reference,
        "kind_words": kind,
        "brief": brief,
        "asked": asked,
        "place_label": place_label,
        "precision_words": Precision(precision).label if has_place else "",
        "due_on": due_on,
    }


def register_kinds() -> None:
    """Make these notices known to the outbox; called once, when the apps are ready."""
    to_partner = _("You get this because your organisation takes work from the police.")
    to_owner = _("You get this because you are the officer of this concern.")
    month = timedelta(days=30)
    _register(LINK, to_partner, _link_context, month)
    _register(MAIL, to_partner, _mail_context, month, reply_to=_reply_to)
    _register(ACCOUNT, to_partner, _account_context, month)
    _register(REMINDER, to_partner, _reminder_context, timedelta(days=7))
    _register(TAKEN_BACK, to_partner, _taken_back_context, month, still_true=_always)
    _register(CAME_BACK, to_owner, _owner_context, timedelta(days=7), still_true=_still_owned)


def _register(
    name: str,
    words: Promise,
    context: Callable[[Message], dict[str, Any]],
    useful: timedelta,
    *,
    still_true: Callable[[Message], bool] | None = None,
    reply_to: Callable[[Mapping[str, Any]], str] | None = None,
) -> None:
    register(
        Kind(
            name=name,
            template=f"concerns/mail/{name.removeprefix('concerns.')}",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=context,
            still_true=still_true or _still_under_way,
            usefulness=useful,
            words=words,
            reply_to=reply_to,
        )
    )


def _queue(
    kind: str, handoff: Handoff, *, event: str, now: datetime, notes: Together | None = None
) -> None:
    queue_audience(
        kind,
        audience=_readers(handoff, now),
        agency_id=handoff.agency_id,
        subject=_subject(handoff),
        event=event,
        now=now,
        is_coarse=handoff.concern.is_anonymous,
        notes=notes,
    )


def _readers(handoff: Handoff, now: datetime) -> QuerySet[Contact]:
    """The address of the organisation, or of all who work for it with an account."""
    if handoff.way != TakesBy.ACCOUNT:
        return Contact.objects.filter(pk=handoff.organisation.contact_id or 0)
    partners = staff_holding(roles=[Role.PARTNER], agency=handoff.agency, now=now)
    members = handoff.organisation.members.filter(user_id__in=partners.order_by().values("pk"))
    return Contact.objects.filter(account__in=members.values("user_id"))


def _subject(handoff: Handoff) -> Subject:
    return Subject("handoff", handoff.reference)


def _handoff(message: Message) -> Handoff:
    rows = Handoff.objects.select_related("agency", "organisation", "concern__category")
    return rows.get(agency_id=message.agency_id or 0, reference=message.subject_reference)


def _token(handoff: Handoff, use: LinkUse) -> str:
    token = new_token()
    HandoffLink.objects.create(
        agency_id=handoff.agency_id,
        handoff=handoff,
        use=use,
        digest=token_digest(token, use),
        expires_at=link_ends_at(handoff),
    )
    return token


def _page_link(handoff: Handoff) -> str:
    return settings.ORIGIN + reverse("partner_link", args=[_token(handoff, LinkUse.PAGE)])


def _account_link(handoff: Handoff) -> str:
    path = reverse("partner_handoff", args=[handoff.reference])
    return settings.ORIGIN + path + f"?agency={handoff.agency.slug}"


def _link_context(message: Message) -> dict[str, Any]:
    handoff = _handoff(message)
    return {
        "police": handoff.agency.name,
        "reference": spaced(handoff.reference),
        "due_on": handoff.due_on,
        "link": _page_link(handoff),
    }


def _mail_context(message: Message) -> dict[str, Any]:
    handoff = _handoff(message)
    reply = ""
    if settings.MAIL_IN_ADDRESS:
        reply = reply_address(_token(handoff, LinkUse.REPLY))
    shown = letter_words(
        police=handoff.agency.name,
        reference=spaced(handoff.reference),
        kind=handoff.concern.category.label,
        brief=handoff.brief,
        asked=handoff.asked,
        place_label=handoff.place_label,
        precision=handoff.precision,
        due_on=handoff.due_on,
    )
    return {**shown, "link": _page_link(handoff), "reply_to": reply}


def _reply_to(context: Mapping[str, Any]) -> str:
    found: str = context["reply_to"]
    return found


def _account_context(message: Message) -> dict[str, Any]:
    handoff = _handoff(message)
    return {
        "police": handoff.agency.name,
        "reference": spaced(handoff.reference),
        "due_on": handoff.due_on,
        "link": _account_link(handoff),
    }


def _reminder_context(message: Message) -> dict[str, Any]:
    handoff = _handoff(message)
    has_account = handoff.way == TakesBy.ACCOUNT
    return {
        "police": handoff.agency.name,
        "reference": spaced(handoff.reference),
        "due_on": handoff.due_on,
        "link": _account_link(handoff) if has_account else _page_link(handoff),
    }


def _taken_back_context(message: Message) -> dict[str, Any]:
    handoff = _handoff(message)
    return {"police": handoff.agency.name, "reference": spaced(handoff.reference)}


def _owner_context(message: Message) -> dict[str, Any]:
    return {"link": settings.ORIGIN + reverse("desk_concern", args=[message.subject_reference])}


def _still_under_way(message: Message) -> bool:
    rows = Handoff.objects.under_way().shown_to_partners()
    return rows.filter(
        agency_id=message.agency_id or 0, reference=message.subject_reference
    ).exists()


def _always(message: Message) -> bool:
    return True


def _still_owned(message: Message) -> bool:
    return Concern.objects.filter(
        agency_id=message.agency_id or 0,
        staff_reference=message.subject_reference,
        owner__contact=message.contact_id,
    ).exists()
