"""A filter as an address and as words: one filter has one address, so that it can be shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from concerns.published.forms import FilterForm
from concerns.published.queries import Wanted
from concerns.published.rows import STATES
from engagement.doors.agencies import agency_parameter
from engagement.doors.templatetags.days import short_day

# Their order in every address.
FILTERS = ("q", "category", "progress", "area", "since", "until")
# More kinds than this are counted in a title, not named.
MOST_NAMED = 3
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Suggestion:
    """One filter less; `url` shows what that gives."""

    words: str
    url: str


def pairs_of(form: FilterForm, wanted: Wanted) -> list[tuple[str, str]]:
    """What stands in the address for this filter: only what narrows, in one order."""
    area = form.chosen_area
    found = [("q", " ".join(wanted.words.split()))]
    found += [("category", code) for code in wanted.categories]
    found += [("progress", wanted.progress), ("area", area.slug if area else "")]
    found += [("since", str(wanted.since or "")), ("until", str(wanted.until or ""))]
    return [(name, value) for name, value in found if value]


def followable(pairs: Pairs) -> list[tuple[str, str]]:
    """What of a filter can be followed by mail: kinds and area."""
    return [pair for pair in pairs if pair[0] in ("category", "area")]


def asked_pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """The filters of the address as it was asked for, in its own order."""
    asked = [(name, value) for name, values in request.GET.lists() for value in values]
    return [pair for pair in asked if pair[0] in FILTERS]


def address_of(request: HttpRequest, name: str, pairs: Pairs) -> str:
    """Path of a page with these filters, with the agency where nothing else implies it."""
    parts = [*pairs, *agency_parameter(request).items()]
    path = reverse(name)
    return f"{path}?{urlencode(parts)}" if parts else path


def title_of(form: FilterForm, wanted: Wanted) -> str:
    """The filter in words: "Graffiti, Noise in Old Mill: still open, “paint”"; "" without one."""
    what, narrowed = _kinds(form, wanted), _narrowed(wanted)
    area = form.chosen_area
    if area:
        what = _("%(kinds)s in %(area)s") % {"kinds": what or _("Concerns"), "area": area.name}
    if narrowed:
        parts = {"kinds": what or _("Concerns"), "limits": ", ".join(narrowed)}
        return pgettext("title of a filtered list", "%(kinds)s: %(limits)s") % parts
    return what


def suggestions(request: HttpRequest, form: FilterForm, wanted: Wanted) -> list[Suggestion]:
    """Ways to ask for less where nothing fits: the same without one of its filters."""
    pairs = pairs_of(form, wanted)
    names = {name for name, _value in pairs}
    words = {
        "q": _("Leave out the words “%(words)s”") % {"words": wanted.words},
        "category": _("Look at all kinds"),
        "progress": _("Look at open and done ones"),
        "area": _("Look at all areas"),
    }
    found = [] if len(wanted.words.split()) < 2 else [_any_word(request, pairs, wanted)]
    if len(names) > 1:
        found += [
            Suggestion(words[name], _without(request, pairs, name))
            for name in words
            if name in names
        ]
        if names & {"since", "until"}:
            found.append(Suggestion(_("Look at all days"), _without(request, pairs, "since until")))
    return found


def _any_word(request: HttpRequest, pairs: Pairs, wanted: Wanted) -> Suggestion:
    either = " or ".join(wanted.words.replace('"', " ").split())
    changed = [(name, either if name == "q" else value) for name, value in pairs]
    url = address_of(request, "published_list", changed)
    return Suggestion(_("Look for any one of these words"), url)


def _without(request: HttpRequest, pairs: Pairs, names: str) -> str:
    left = [pair for pair in pairs if pair[0] not in names.split()]
    return address_of(request, "published_list", left)


def _kinds(form: FilterForm, wanted: Wanted) -> str:
    named = [form.kinds[code] for code in wanted.categories]
    if len(named) > MOST_NAMED:
        return _("%(number)s kinds of concern") % {"number": len(named)}
    return ", ".join(sorted(named))


def _narrowed(wanted: Wanted) -> list[str]:
    states = {"open": _("Still open"), "done": _("Done"), **STATES}
    # In the middle of a title.
    found = [str(states[wanted.progress]).lower()] if wanted.progress else []
    if wanted.since:
        found.append(_("from %(day)s") % {"day": short_day(wanted.since)})
    if wanted.until:
        found.append(_("to %(day)s") % {"day": short_day(wanted.until)})
    return found + ([f"“{wanted.words}”"] if wanted.words else [])
