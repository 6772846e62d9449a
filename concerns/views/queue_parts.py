"""What stands around the rows of the queue: tabs, kept filters, and what is wanted in words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from concerns import spoken
from concerns.desk_columns import COLUMNS, USUAL_COLUMNS
from concerns.desk_search import AGES, DEADLINES, NONE, TABS, Wanted
from concerns.desk_sorts import SORTS, sorts_for
from concerns.models import Concern, FilterUse
from concerns.models.concern import Channel, Priority
from concerns.workflow import STATE_LABELS, State
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import as_wording

# The count of a tab is exact up to this.
MOST_COUNTED = 99

# How the queue looks to this person, the filters that they keep as tabs, and whether any report
# of the agency calls for help. Written out, as every page of the queue asks it.
AROUND = """
SELECT look.columns, coalesce(look.has_map, false), EXISTS (
    SELECT FROM concerns_concern
    WHERE agency_id = %(agency)s AND state = 'received' AND danger > ''
), ARRAY(
    SELECT json_build_array(saved.id, saved.name) FROM concerns_filteruse AS uses
    JOIN concerns_savedfilter AS saved ON saved.id = uses.saved_id
    WHERE uses.user_id = %(user)s AND uses.agency_id = %(agency)s AND uses.is_pinned
        AND (saved.made_by_id = %(user)s OR saved.team_id IN (
            SELECT team_id FROM concerns_teammember WHERE user_id = %(user)s
        ))
    ORDER BY lower(saved.name)
)
FROM (SELECT 1) AS one
LEFT JOIN concerns_queuelook AS look ON look.user_id = %(user)s AND look.agency_id = %(agency)s
"""

# Only staff of this agency are named, whatever number an address asks about.
NAMED = """
SELECT 'categories', id, label::text FROM concerns_category
    WHERE agency_id = %(agency)s AND id = ANY (%(categories)s)
UNION ALL SELECT 'areas', id, to_json(name)::text FROM places_area
    WHERE agency_id = %(agency)s AND id = ANY (%(areas)s)
UNION ALL SELECT 'owners', id, to_json(name)::text FROM people_user
    WHERE id = ANY (%(owners)s) AND id IN (
        SELECT user_id FROM people_grant WHERE agency_id = %(agency)s
    )
UNION ALL SELECT 'teams', id, to_json(name)::text FROM concerns_team
    WHERE agency_id = %(agency)s AND id = ANY (%(teams)s)
UNION ALL SELECT 'tags', id, to_json(name)::text FROM concerns_tag
    WHERE agency_id = %(agency)s AND id = ANY (%(tags)s)
"""
_NUMBERED = ("categories", "areas", "owners", "teams", "tags")


@dataclass(frozen=True)
class Around:
    columns: tuple[str, ...]
    has_map: bool
    has_danger: bool
    pins: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Choice:
    """One thing that is asked for, in words, and the field and value that say it."""

    field: str
    value: Any
    label: str


def around(user: User, agency: Agency) -> Around:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(AROUND, {"user": user.pk, "agency": agency.pk})
        columns, has_map, has_danger, pins = cursor.fetchone()
    shown = tuple(name for name in COLUMNS if name in (columns or USUAL_COLUMNS))
    return Around(
        shown or USUAL_COLUMNS, has_map, has_danger, tuple((pin[0], pin[1]) for pin in pins)
    )


def choices_of(wanted: Wanted, agency: Agency) -> list[Choice]:
    """Say in words what is asked beyond the tab, each by itself. At most one query."""
    if not wanted.is_narrowed:
        return []
    names = _names(wanted, agency)
    found = [Choice("words", None, _("words: %(words)s") % {"words": wanted.words})]
    found = found if wanted.words else []
    found += [Choice("states", one, str(STATE_LABELS[State(one)])) for one in wanted.states]
    for field in _NUMBERED:
        found += [
            Choice(field, number, _name(field, number, names)) for number in getattr(wanted, field)
        ]
    found += [Choice("priorities", one, str(Priority(one).label)) for one in wanted.priorities]
    found += [Choice("channels", one, str(Channel(one).label)) for one in wanted.channels]
    found += [Choice("languages", one, spoken.name_of(one)) for one in wanted.languages]
    if wanted.age:
        found.append(Choice("age", None, str(AGES[wanted.age][0])))
    if wanted.deadline:
        found.append(Choice("deadline", None, str(DEADLINES[wanted.deadline])))
    return found


def words_for(wanted: Wanted, agency: Agency) -> str:
    """Say all that is wanted in one line, such as "All open: Graffiti, West District"."""
    label = str(TABS[wanted.tab].label)
    said = ", ".join(choice.label for choice in choices_of(wanted, agency))
    return f"{label}: {said}" if said else label


def _names(wanted: Wanted, agency: Agency) -> dict[tuple[str, int], str]:
    asked: dict[str, Any] = {field: list(getattr(wanted, field)) for field in _NUMBERED}
    if not any(asked.values()):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NAMED, {**asked, "agency": agency.pk})
        rows: Iterable[tuple[str, int, str]] = cursor.fetchall()
    return {(field, number): str(as_wording(json.loads(name))) for field, number, name in rows}


def _name(field: str, number: int, names: dict[tuple[str, int], str]) -> str:
    if number != NONE:
        return names.get((field, number), _("not there any more"))
    return {
        "areas": _("outside every area"),
        "owners": _("with nobody"),
        "teams": _("without a team"),
    }.get(field, "")


def queue_url(pairs: Iterable[tuple[str, str]]) -> str:
    """An address of the queue that wants this; words are never among the pairs."""
    return f"{reverse('desk_concerns')}?{urlencode(list(pairs))}"


def tabs_for(
    wanted: Wanted, kept: list[tuple[str, str]], *, is_saved: bool
) -> list[dict[str, Any]]:
    """Ready-made queues that are listed, and the one that is open; each keeps what else is asked
    for. `kept` are pairs beside the tab."""
    end = f"&{urlencode(kept)}" if kept else ""
    start = f"{reverse('desk_concerns')}?show="
    return [
        {
            "label": tab.label,
            "url": f"{start}{name}{end}",
            "is_current": name == wanted.tab and not is_saved,
        }
        for name, tab in TABS.items()
        if tab.is_listed or name == wanted.tab
    ]


def sorts_as_links(
    wanted: Wanted, sort: str, pairs: list[tuple[str, str]]
) -> list[dict[str, str | Promise | bool]]:
    """The orders that these rows have; `pairs` say the rest of the address."""
    start = f"{queue_url(pairs)}&sort="
    return [
        {"label": SORTS[name].label, "url": f"{start}{name}", "is_current": name == sort}
        for name in sorts_for(wanted)
    ]


def pinned_with_counts(user: User, agency: Agency, today: date) -> list[dict[str, Any]]:
    """Return this person's pinned filters by name, each with url and number of cases, which is
    "99+" from a hundred on. Two queries, and one for each filter that asks for "my areas"."""
    uses = FilterUse.objects.filter(user=user, agency=agency, is_pinned=True)
    own = uses.select_related("saved").order_by("saved__name")
    mine = around(user, agency).pins if own else ()
    allowed = {number for number, _name in mine}
    kept = [use.saved for use in own if use.saved_id in allowed]
    wishes = [Wanted.from_json(saved.wanted) for saved in kept]
    counts = counts_of(wishes, user=user, agency=agency, today=today)
    return [
        {
            "number": saved.pk,
            "label": saved.name,
            "url": queue_url([("saved", str(saved.pk))]),
            "count": str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+",
        }
        for saved, count in zip(kept, counts, strict=True)
    ]


def counts_of(wishes: list[Wanted], *, user: User, agency: Agency, today: date) -> list[int]:
    """Return how many cases each wish has for this person, up to a hundred. One statement."""
    readable = Concern.objects.visible_to(user).filter(agency=agency).not_held()
    parts: list[str] = []
    values: list[Any] = []
    for place, wanted in enumerate(wishes):
        found = wanted.apply(readable, user=user, today=today).order_by()
        try:
            text, parameters = found.values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        # The text is Django's own, with places for its values.
        parts.append(f"SELECT {place}, (SELECT count(*) FROM ({text}) AS found)")  # noqa: S608
        values += parameters
    counted: dict[int, int] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            counted = dict(cursor.fetchall())
    return [counted.get(place, 0) for place in range(len(wishes))]
