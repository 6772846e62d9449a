"""Account links under a new key. They hold no account, so the accounts are walked instead."""

from concerns.subscriptions.links import account_link, account_links
from concerns.subscriptions.models import Subscription
from engagement.keys.purposes import Purpose
from engagement.keys.registry import Rekey, register_rekey
from engagement.people.models import User
from engagement.places.models import Agency


def register() -> None:
    """Called once, when the apps are ready."""
    register_rekey(Rekey("subscriptions.account_links", relink, frozenset({Purpose.FOLLOW})))


def relink(after_id: int, limit: int) -> int:
    """Rewrite the links of up to `limit` accounts with id > after_id; return the last id seen."""
    ids = list(
        User.objects.filter(pk__gt=after_id).order_by("pk").values_list("pk", flat=True)[:limit]
    )
    agencies = list(Agency.objects.order_by("pk").values_list("pk", flat=True))
    for user_id in ids:
        for agency_id in agencies:
            current = account_link(user_id, agency_id=agency_id)
            former = account_links(user_id, agency_id=agency_id)[1:]
            Subscription.objects.filter(agency_id=agency_id, account_link__in=former).update(
                account_link=current
            )
    return ids[-1] if ids else after_id
