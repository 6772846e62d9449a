"""Following what is published: asking for it, confirming, changing, ending, forgetting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from concerns.subscriptions import notices
from concerns.subscriptions.links import account_link
from concerns.subscriptions.models import News, Pace, Round, Subscription, SubscriptionArea
from concerns.subscriptions.shapes import Shape
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.outbox.actions.consent import agree
from engagement.outbox.models import ConsentWay, Suppression
from engagement.people.identity import copy_contact, erase_contact, find_contacts, store_contact
from engagement.people.models import Contact, ContactKind, User
from engagement.places.models import Agency

# Whoever types somebody else's address may send them so many mails a day.
MOST_UNCONFIRMED = 3
# A link in an old mail still works for so long after the end.
KEPT_AFTER_END = timedelta(days=30)
NEWS_KEPT = timedelta(days=40)
BATCH = 500
BY = Actor.task("subscriptions.forget")


@dataclass(frozen=True)
class Wish:
    """What somebody wants to hear. Without areas and shape it is about the whole agency, without
    kinds about all of them; either `email` or an account says where to."""

    agency: Agency
    pace: Pace
    kinds: Sequence[str] = ()
    area_ids: Sequence[int] = ()
    shape: Shape | None = None
    email: str = field(default="", repr=False)
    account_user_id: int | None = None
    language: str = "en"


@transaction.atomic(durable=True)
def subscribe(*, wish: Wish, by: Actor, now: datetime) -> Subscription | None:
    """Keep the wish; it counts at once for an account's own confirmed address, else when the
    mailed link was used.

    Returns None, and mails nothing, where this address was asked to confirm three times today;
    the page must not tell the two apart.
    """
    contact = _contact(wish, now)
    if contact is None:
        return None
    kept = _kept(wish, contact, now)
    SubscriptionArea.objects.bulk_create(
        SubscriptionArea(agency=wish.agency, subscription=kept, area_id=area_id)
        for area_id in sorted(set(wish.area_ids))
    )
    if wish.account_user_id is not None and contact.is_confirmed:
        _confirm(kept, way=ConsentWay.PAGE, by=by, now=now)
    else:
        notices.confirm(kept, now=now)
    return kept


@transaction.atomic(durable=True)
def confirm(*, subscription: Subscription, by: Actor, now: datetime) -> Subscription:
    """Let it count from now on; a second time changes nothing."""
    found = _locked(subscription)
    if found.confirmed_on is None:
        _confirm(found, way=ConsentWay.LINK, by=by, now=now)
    return found


@transaction.atomic(durable=True)
def change(
    *, subscription: Subscription, pace: Pace, kinds: Sequence[str], by: Actor, now: datetime
) -> Subscription:
    """Hear of other kinds, or more or less often, from now on."""
    found = _locked(subscription)
    if found.pace != pace:
        # What was told at one pace is not told again at the other.
        found.since_news = _newest(found.agency_id)
    found.pace, found.kinds = pace, sorted(set(kinds))
    found.save(update_fields=["pace", "kinds", "since_news"])
    _log("SUBSCRIPTION_CHANGED", found, by=by, now=now)
    return found


@transaction.atomic(durable=True)
def forget(*, now: datetime) -> int:
    """Destroy the addresses of those who never confirmed or ended long ago, and old news.

    Returns how many subscriptions went.
    """
    ended = Suppression.objects.filter(
        kind=notices.FOLLOWED, since_on__lt=(now - KEPT_AFTER_END).date()
    )
    over = Subscription.objects.filter(contact_id__in=ended.values("contact_id"))
    stale = Subscription.objects.filter(
        confirmed_on=None, created_on__lt=(now - notices.TO_CONFIRM).date()
    )
    rows = list((over | stale).select_related("contact").order_by("pk")[:BATCH])
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        erase_contact(row.contact, now=now)
    for agency_id in sorted({row.agency_id for row in rows}):
        count = sum(row.agency_id == agency_id for row in rows)
        subject = Subject("subscriptions", "forgotten")
        payload = {"count": count}
        record(
            "SUBSCRIPTIONS_FORGOTTEN",
            by=BY,
            subject=subject,
            agency_id=agency_id,
            now=now,
            payload=payload,
        )
    _forget_news(now)
    return len(rows)


def is_ended(subscription: Subscription) -> bool:
    """Whether its reader wants no more; the outbox keeps that, whichever way it was said."""
    return Suppression.objects.filter(
        contact_id=subscription.contact_id, kind=notices.FOLLOWED
    ).exists()


def _forget_news(now: datetime) -> None:
    long_ago = (now - NEWS_KEPT).date()
    News.objects.filter(on__lt=long_ago).delete()
    # The last round of each pace says from where the next one goes on.
    last = Round.objects.order_by().values("agency_id", "pace").annotate(last=Max("pk"))
    Round.objects.filter(last_on__lt=long_ago).exclude(pk__in=last.values("last")).delete()


def _kept(wish: Wish, contact: Contact, now: datetime) -> Subscription:
    shape, user = wish.shape, wish.account_user_id
    box = shape.box if shape else None
    return Subscription.objects.create(
        agency=wish.agency,
        contact=contact,
        account_link=account_link(user, agency_id=wish.agency.pk) if user else None,
        pace=wish.pace,
        kinds=sorted(set(wish.kinds)),
        shape=shape.as_geojson() if shape else None,
        min_lon=box.west if box else None,
        min_lat=box.south if box else None,
        max_lon=box.east if box else None,
        max_lat=box.north if box else None,
        is_everywhere=shape is None and not wish.area_ids,
        created_on=now.date(),
    )


def _contact(wish: Wish, now: datetime) -> Contact | None:
    """A row of its own; an account's address is copied, never shared."""
    agency_id = wish.agency.pk
    if wish.account_user_id is not None:
        account = User.objects.select_related("contact").get(pk=wish.account_user_id)
        if account.contact is not None:
            return copy_contact(account.contact, agency_id=agency_id, now=now)
    if not wish.email:
        return None
    same = find_contacts(wish.email, agency_id).values("pk")
    asked = Subscription.objects.filter(
        contact_id__in=same, confirmed_on=None, created_on=now.date()
    )
    if asked.count() >= MOST_UNCONFIRMED:
        return None
    return store_contact(
        agency_id=agency_id,
        kind=ContactKind.EMAIL,
        value=wish.email,
        language=wish.language,
        now=now,
    )


def _confirm(found: Subscription, *, way: ConsentWay, by: Actor, now: datetime) -> None:
    found.confirmed_on = now.date()
    found.since_news = _newest(found.agency_id)
    found.save(update_fields=["confirmed_on", "since_news"])
    Contact.objects.filter(pk=found.contact_id).update(is_confirmed=True)
    agree(contact_id=found.contact_id, kind=notices.FOLLOWED, way=way, now=now)
    _log("SUBSCRIPTION_CONFIRMED", found, by=by, now=now)


def _newest(agency_id: int) -> int:
    return News.objects.filter(agency_id=agency_id).aggregate(last=Max("pk"))["last"] or 0


def _locked(subscription: Subscription) -> Subscription:
    rows = Subscription.objects.select_related("agency", "contact")
    return rows.select_for_update(of=("self",)).get(pk=subscription.pk)


def _log(event: str, found: Subscription, *, by: Actor, now: datetime) -> None:
    subject = Subject("subscription", found.binding.hex)
    record(event, by=by, subject=subject, agency_id=found.agency_id, now=now)
