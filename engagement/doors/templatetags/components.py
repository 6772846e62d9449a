"""The component tags of every page: each gives its template a complete context.

Markup lives in `templates/components/`; here is only what a template cannot work out itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.forms import BaseForm, BaseFormSet, CheckboxInput, Textarea
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.doors.questions import choice_groups, described_by, mistakes_of
from engagement.people.rights import allowed

register = template.Library()

NAV_ITEMS = 1024
Words = Any  # str or a lazy translation
STATUS_WORDS: dict[str, Words] = {
    "received": _("Received"),
    "accepted": _("Accepted"),
    "working": _("Working on it"),
    "waiting": _("Waiting"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
    "fixed": _("Fixed"),
    "draft": _("Draft"),
    "overdue": _("Overdue"),
    "cancelled": _("Cancelled"),
}
PRIORITY_WORDS: dict[str, Words] = {
    "low": _("Low"),
    "normal": _("Normal"),
    "high": _("High"),
    "urgent": _("Urgent"),
}
VISIBILITY: dict[str, tuple[str, Words, Words]] = {
    "public": ("globe", _("Public"), _("Everyone can read this.")),
    "partners": (
        "people",
        _("Partners"),
        _("Partner organizations that were asked to help can read this."),
    ),
    "reporter": (
        "comment",
        _("Reporter and staff"),
        _("Only the person who reported and police staff can read this."),
    ),
    "staff": ("lock", _("Only staff"), _("Only police staff can read this.")),
}


@register.inclusion_tag("components/icon.html")
def icon(name: str) -> dict[str, Any]:
    return {"name": name}


@register.inclusion_tag("components/button.html")
def button(
    label: Words,
    *,
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",
    wide: bool = False,
    large: bool = False,
) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("components/link_button.html")
def link_button(
    label: Words,
    url: str,
    *,
    kind: str = "primary",
    icon: str = "",
    wide: bool = False,
    large: bool = False,
) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("components/field.html")
def field(
    field: BoundField,
    *,
    label: Words = "",
    hint: Words = "",
    heading: bool = False,
    legend_hidden: bool = False,
    inline: bool = False,
) -> dict[str, Any]:
    """One question: label, hint, mistakes and input, tied together for screen readers.

    The widget may carry `option_hints` ({value: sentence}) for choices that need explaining.
    """
    widget = field.field.widget
    hint = hint or field.help_text
    limit = getattr(field.field, "max_length", None) if isinstance(widget, Textarea) else None
    described = described_by(field, has_hint=bool(hint), has_limit=bool(limit))
    groups = choice_groups(field)
    as_group = bool(groups) or field.use_fieldset
    return {
        "field": field,
        "label": label or field.label,
        "hint": hint,
        "errors": field.errors,
        "heading": heading,
        "legend_hidden": legend_hidden,
        "inline": inline,
        "optional": not field.field.required and not isinstance(widget, CheckboxInput),
        "single": isinstance(widget, CheckboxInput),
        "as_group": as_group,
        "groups": groups,
        "described": described,
        "limit": limit,
        "input": ""
        if groups
        else field.as_widget(attrs={"aria-describedby": described} if described else None),
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any]) -> dict[str, Any]:
    """Everything to put right on the page, in the order of the questions."""
    return {"mistakes": [mistake for form in forms for mistake in mistakes_of(form)]}


@register.inclusion_tag("components/status.html")
def status(code: str, label: Words = "") -> dict[str, Any]:
    return {"code": code, "label": label or STATUS_WORDS.get(code, code)}


@register.inclusion_tag("components/priority.html")
def priority(code: str, label: Words = "") -> dict[str, Any]:
    return {"code": code, "label": label or PRIORITY_WORDS.get(code, code)}


@register.inclusion_tag("components/visibility.html")
def visibility(audience: str, *, long: bool = False) -> dict[str, Any]:
    """Who will read a text: `public`, `partners`, `reporter` or `staff`."""
    shape, word, sentence = VISIBILITY[audience]
    return {"audience": audience, "icon": shape, "word": word, "sentence": sentence, "long": long}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    *, title: Words, text: Words = "", icon: str = "inbox", url: str = "", action: Words = ""
) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("components/notice.html")
def notice(kind: str, text: Words, *, title: Words = "") -> dict[str, Any]:
    icons = {"success": "check", "warning": "alert", "danger": "alert", "error": "alert"}
    return {"kind": kind, "text": text, "title": title, "icon": icons.get(kind, "info")}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: RequestContext, newer: str | None, older: str | None, *, name: str = "cursor"
) -> dict[str, Any]:
    """Links to neighbouring pages; `newer` and `older` are cursors, or addresses with / or ?."""
    request = context.get("request")
    query = request.GET if request is not None else QueryDict()
    return {"newer": _page_address(query, name, newer), "older": _page_address(query, name, older)}


def _page_address(query: QueryDict, name: str, target: str | None) -> str:
    if not target or target[0] in "/?":
        return target or ""
    changed = query.copy()
    changed[name] = target
    return f"?{changed.urlencode()}"


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: Words) -> dict[str, Any]:
    """`label, address, label, address, ..., label of this page`."""
    *pairs, here = parts
    return {"links": list(zip(pairs[::2], pairs[1::2], strict=True)), "here": here}


@register.inclusion_tag("components/steps.html")
def steps(current: int, *labels: Words) -> dict[str, Any]:
    return {"current": current, "labels": labels, "total": len(labels)}


@register.inclusion_tag("components/stat.html")
def stat(number: Any, label: Words, *, url: str = "", note: Words = "") -> dict[str, Any]:
    return locals()


@register.inclusion_tag("components/search_box.html")
def search_box(
    *,
    label: Words,
    value: str = "",
    action: str = "",
    name: str = "q",
    method: str = "get",
    hint: Words = "",
) -> dict[str, Any]:
    """A search form.

    Staff pages use `method="post"`: words about people must stay out of addresses and logs.
    """
    return {**locals(), "value": value or ""}


@register.inclusion_tag("components/help_card.html")
def help_card(  # noqa: PLR0913  options of a tag are written by name
    *,
    title: Words,
    text: Words = "",
    phone: str = "",
    phone_href: str = "",
    sms: str = "",
    url: str = "",
    url_label: Words = "",
    hours: Words = "",
    checked: Any = None,
    kind: str = "",
) -> dict[str, Any]:
    return {**locals(), "phone_href": phone_href or _dialable(phone), "sms_href": _dialable(sms)}


def _dialable(number: str) -> str:
    return "".join(sign for sign in str(number) if sign.isdigit() or sign == "+")


@register.inclusion_tag("components/receipt.html")
def receipt(*, code: str, secret: str, url: str) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("components/leave_button.html")
def leave_button() -> dict[str, Any]:
    return {}


@register.simple_tag(takes_context=True)
def nav_link(
    context: RequestContext,
    name: str,
    label: Words,
    *,
    more: Words = "",
    icon: str = "",
    exact: bool = False,
    permission: str = "",
    besides: str = "",
) -> str:
    """A navigation item that knows if it leads to this page (`page`) or its section (`true`).

    With `permission` it shows only to those who hold it at the agency of the page; `besides`
    names a page of the section that has an item of its own.
    """
    request = context.get("request")
    if permission and not _holds(request, permission):
        return ""
    address = reverse(name)
    here = urlsplit(request.path).path if request is not None else ""
    inside = not exact and address != "/" and here.startswith(address)
    if besides and here.startswith(reverse(besides)):
        inside = False
    current = "page" if here == address else "true" if inside else ""
    address += str(context.get("agency_query") or "")
    return _nav_item(address, str(label), str(more), icon, current)


@lru_cache(maxsize=NAV_ITEMS)
def _nav_item(address: str, label: str, more: str, icon: str, current: str) -> str:
    """Every page of staff prints nearly the same items, so each is printed once."""
    item = {"address": address, "label": label, "more": more, "icon": icon, "current": current}
    return render_to_string("components/nav_link.html", item)


def _holds(request: Any, permission: str) -> bool:
    """Adds no question: the door has read this person's grants."""
    agency = getattr(request, "agency", None)
    return agency is not None and allowed(request.user, permission, agency_id=agency.pk)


@register.inclusion_tag("components/map_pick.html")
def map_pick(
    agency_slug: str,
    *,
    lon_input: str = "id_lon",
    lat_input: str = "id_lat",
    layer: str = "",
    bounds: str = "",
    label: Words = "",
    here: bool = True,
) -> dict[str, Any]:
    """`here` offers the place of the reader's device."""
    return locals()


@register.inclusion_tag("components/map_show.html")
def map_show(
    agency_slug: str,
    *,
    src: str,
    layer: str = "",
    bounds: str = "",
    list_id: str = "",
    label: Words = "",
) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("components/map_point.html")
def map_point(
    lon: float, lat: float, agency_slug: str, *, label: Words = "", layer: str = ""
) -> dict[str, Any]:
    return locals()


@register.inclusion_tag("components/place_search.html")
def place_search(
    agency_slug: str,
    *,
    name: str = "place_query",
    value: str = "",
    label: Words = "",
    hint: Words = "",
) -> dict[str, Any]:
    return {**locals(), "value": value or ""}
