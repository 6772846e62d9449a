"""Mails to followers: the link that confirms, and what was published, in public words only."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concerns.published.models import PublicConcern
from concerns.published.rows import STATES, title_of
from concerns.subscriptions.links import link_to
from concerns.subscriptions.matching import news_for
from concerns.subscriptions.models import News, Round, Subscription, What
from engagement.audit.subjects import Subject
from engagement.outbox.actions import queue
from engagement.outbox.models import Message
from engagement.outbox.registry import Delivery, Kind, Policy, register
from engagement.places.models import Agency

CONFIRM = "concerns.follow_confirm"
FOLLOWED = "concerns.followed"
# So long an unconfirmed wish is kept.
TO_CONFIRM = timedelta(days=3)
# More would make a mail nobody reads; the list has them all.
MOST_LISTED = 25


def confirm(subscription: Subscription, *, now: datetime) -> None:
    """Mail the link that makes it count; until then nothing else is sent."""
    queue(
        CONFIRM,
        contact_id=subscription.contact_id,
        agency_id=subscription.agency_id,
        subject=Subject("subscription", subscription.binding.hex),
        event="confirm",
        now=now,
        is_coarse=True,
    )


def register_kinds() -> None:
    """Make both known to the outbox; called once, when the apps are ready."""
    register(
        Kind(
            name=CONFIRM,
            template="subscriptions/mail/confirm",
            policy=Policy.TRANSACTIONAL,
            delivery=Delivery.AT_LEAST_ONCE,
            context=_to_confirm,
            still_true=_still_unconfirmed,
            usefulness=TO_CONFIRM,
            words=_("You get this because somebody asked us for mails to this address."),
        )
    )
    register(
        Kind(
            name=FOLLOWED,
            template="subscriptions/mail/news",
            policy=Policy.SUBSCRIPTION,
            # A second copy is what people unsubscribe for; what was published stays on the page.
            delivery=Delivery.AT_MOST_ONCE,
            context=_news,
            contexts=_news_of_many,
            still_true=_is_still_news,
            words=_("You get this because you follow published concerns."),
        )
    )


def _to_confirm(message: Message) -> dict[str, Any]:
    found = Subscription.objects.get(contact_id=message.contact_id)
    return {"link": link_to(found), "days": TO_CONFIRM.days}


def _still_unconfirmed(message: Message) -> bool:
    waiting = Subscription.objects.filter(contact_id=message.contact_id, confirmed_on=None)
    return waiting.exists()


def _is_still_news(message: Message) -> bool:
    """Not ended, not changed to another pace, and something of it is still published."""
    told = Round.objects.filter(pk=int(message.subject_reference)).first()
    return told is not None and bool(news_for(told, [message.contact_id]))


def _news(message: Message) -> dict[str, Any]:
    return _news_of_many([message])[message.id]


def _news_of_many(messages: Sequence[Message]) -> Mapping[UUID, dict[str, Any]]:
    """A few queries for each round among them, however many messages there are."""
    found: dict[UUID, dict[str, Any]] = {}
    numbers = {int(message.subject_reference) for message in messages}
    for told in Round.objects.select_related("agency").filter(pk__in=numbers).order_by("pk"):
        about = [m for m in messages if int(m.subject_reference) == told.pk]
        found.update(_news_of_round(told, about))
    return found


def _news_of_round(told: Round, messages: Sequence[Message]) -> dict[UUID, dict[str, Any]]:
    contacts = [message.contact_id for message in messages]
    ids = news_for(told, contacts)
    followers = Subscription.objects.filter(contact_id__in=contacts).order_by("pk")
    links = {follower.contact_id: link_to(follower) for follower in followers}
    shown = {number for numbers in ids.values() for number in numbers[-MOST_LISTED:]}
    found = News.objects.select_related("public_concern", "update").filter(pk__in=shown)
    rows = {news.pk: news for news in found.order_by("pk")}
    return {
        message.id: {
            "items": [
                _item(rows[number], told.agency)
                for number in ids[message.contact_id][: -MOST_LISTED - 1 : -1]
                if number in rows
            ],
            "number": len(ids[message.contact_id]),
            "more": max(0, len(ids[message.contact_id]) - MOST_LISTED),
            "list_link": _address(told.agency, reverse("published_list")),
            "manage_link": links[message.contact_id],
        }
        for message in messages
        if message.contact_id in ids and message.contact_id in links
    }


class Item:
    """One news as the templates print it, in the language of the moment."""

    def __init__(self, news: News, link: str) -> None:
        self._news, self._concern = news, news.public_concern
        self.link, self.on = link, news.on

    @property
    def title(self) -> str:
        return title_of(self._concern)

    @property
    def what(self) -> str:
        return What(self._news.what).label.__str__()

    @property
    def words(self) -> str:
        """The update, or the summary; never anything that was not published."""
        update = self._news.update
        return str(update.text if update else self._concern.summary)

    @property
    def state(self) -> str:
        return str(STATES.get(self._concern.state, self._concern.state))


def _item(news: News, agency: Agency) -> Item:
    return Item(news, _address(agency, _page_of(news.public_concern)))


def _page_of(concern: PublicConcern) -> str:
    return reverse("published_detail", args=[concern.reference])


def _address(agency: Agency, path: str) -> str:
    """The configured origin's address of a page, in the name of the agency."""
    is_implied = agency.is_default or urlsplit(settings.ORIGIN).hostname in agency.hosts
    query = "" if is_implied else f"?{urlencode({'agency': agency.slug})}"
    return f"{settings.ORIGIN}{path}{query}"
