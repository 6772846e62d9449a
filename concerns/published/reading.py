"""The filters of an address, read without the form that offers them: for answers of many a second.

The form looks up all kinds and all areas to offer them; whoever only reads what was chosen needs
at most the one area.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict

from concerns.published.forms import FilterForm
from concerns.published.queries import Wanted
from engagement.places.models import Agency

# What an address may call a kind or an area; nothing else can be the name of one.
NAME = re.compile(r"[-\w]{1,80}", re.ASCII)
AREA = """
SELECT id FROM places_area
WHERE agency_id = %s AND slug = %s AND layer IN (%s, %s)"""


def wanted_of(query: QueryDict, agency: Agency) -> Wanted:
    """Read the filters as `FilterForm` does, except that a kind may be one that nobody published.

    Such a kind finds nothing, where the form leaves it out. One query where an area is asked for,
    else none.
    """
    codes = {code for code in query.getlist("category") if NAME.fullmatch(code)}
    return Wanted(
        categories=tuple(sorted(codes)),
        progress=_read(query, "progress") or "",
        area_id=_area(query.get("area", ""), agency),
        words=_read(query, "q") or "",
        since=_day(query, "since"),
        until=_day(query, "until"),
    )


def _read(query: Mapping[str, str], name: str) -> Any:
    """What the field of the form makes of it; None where it cannot be read."""
    asked = query.get(name)
    if not asked:
        return None
    try:
        return FilterForm.base_fields[name].clean(asked)
    except ValidationError:
        return None


def _day(query: Mapping[str, str], name: str) -> date | None:
    found: date | None = _read(query, name)
    return found


def _area(slug: str, agency: Agency) -> int | None:
    if not NAME.fullmatch(slug):
        return None
    layers = (agency.public_layer, agency.responsible_layer)
    with connection.cursor() as cursor:
        cursor.execute(AREA, [agency.pk, slug, *layers])
        row = cursor.fetchone()
    return None if row is None else int(row[0])
