"""From an address of the queue back to what it wants: with words that never stood in it, and with
filters that are kept under a number."""

import secrets
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import QueryDict

from concerns.desk_search import Wanted
from concerns.models import SavedFilter, TeamMember
from engagement.people.models import User
from engagement.places.models import Agency

# A shift, and somewhat more: so long a search can be paged through and come back to.
WORDS_LAST = timedelta(hours=12)
TOKEN_BYTES = 9
TOKEN_LENGTH = 40


class WordsLost(Exception):
    """The words of this search are not kept any more; without them other rows would be meant."""


class NoSuchFilter(Exception):
    """No saved filter of this number is this person's or their team's."""


def keep_words(words: str, *, user: User, agency: Agency) -> str:
    """Keep words of a search in memory for some hours; return what stands for them in addresses.

    The words themselves stand in no address, log or table: they may name a person.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    cache.set(_key(token, user, agency), words, timeout=int(WORDS_LAST.total_seconds()))
    return token


def wanted_of(query: QueryDict, *, user: User, agency: Agency) -> Wanted:
    """Read what an address or a form of the queue wants. At most one query, for a saved filter.

    Raises WordsLost and NoSuchFilter.
    """
    number = query.get("saved", "")
    if number:
        return Wanted.from_json(saved_filter(number, user=user, agency=agency).wanted)
    token = query.get("find", "")
    if not token:
        return Wanted.from_query(query)
    words = cache.get(_key(token, user, agency)) if len(token) <= TOKEN_LENGTH else None
    if not isinstance(words, str):
        raise WordsLost
    return Wanted.from_query(query, words=words)


def saved_filter(number: str, *, user: User, agency: Agency) -> SavedFilter:
    """Raises NoSuchFilter."""
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        raise NoSuchFilter
    found = filters_of(user, agency).filter(pk=int(number)).first()
    if found is None:
        raise NoSuchFilter
    return found


def filters_of(user: User, agency: Agency) -> QuerySet[SavedFilter]:
    """Those that this person made or that are offered to a team of theirs."""
    teams = TeamMember.objects.filter(user=user, agency=agency, team__is_active=True)
    mine = Q(made_by=user) | Q(team__in=teams.values("team_id"))
    return SavedFilter.objects.filter(mine, agency=agency)


def _key(token: str, user: User, agency: Agency) -> str:
    return f"desk-words:{agency.pk}:{user.pk}:{token}"
