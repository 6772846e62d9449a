"""Which colleagues have the page of a case open now.

Kept for a minute in the cache, which is never written to disk: neither database nor backup ever
holds it, and nobody can ask who was where yesterday.
"""

import time

from django.core.cache import cache

from concerns.models import Concern
from engagement.people.models import User

SECONDS = 60


def seen_here(concern: Concern, user: User) -> list[str]:
    """Note that this person has the case open, and return the names of the others who have, in
    order. The caller has asked whether they may read it. No query.

    Two who come in the same instant may miss each other until one of them asks again.
    """
    now = time.time()
    key = f"here:{concern.agency_id}:{concern.pk}"
    known: dict[int, tuple[str, float]] = cache.get(key) or {}
    here = {who: kept for who, kept in known.items() if now - kept[1] < SECONDS}
    here[user.pk] = (user.name, now)
    cache.set(key, here, SECONDS)
    return sorted(name for who, (name, _at) in here.items() if who != user.pk)
