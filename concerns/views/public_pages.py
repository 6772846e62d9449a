"""What the pages of a reporter share: whom to call."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency, Hotline
from engagement.places.queries import help_hotlines

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

EMERGENCY = "emergency"
# The code of the number that answers each line, and the question that leads to it.
HOTLINES = {
    "danger": EMERGENCY,
    "crisis": "crisis",
    "child": "child_abuse",
    "adult": "adult_abuse",
    "school": "school_threat",
    "domestic": "domestic_violence",
    "sexual": "sexual_violence",
    "crime_tip": "crime_tip",
}
QUESTIONS: "dict[str, StrPromise]" = {
    EMERGENCY: _("Danger, fire or crime right now"),
    "crisis": _("Suicide, overdose, despair"),
    "child_abuse": _("A child is being hurt"),
    "adult_abuse": _("An elder or disabled adult is being hurt"),
    "school_threat": _("A threat or weapon at a school"),
    "domestic_violence": _("Violence at home"),
    "sexual_violence": _("Sexual violence"),
    "crime_tip": _("I know who did a crime"),
}


def help_line(hotline: Hotline) -> dict[str, Any]:
    """One number as its card shows it: a link opens a call, a text message or a page."""
    scheme, _colon, target = hotline.number_href.partition(":")
    is_page = scheme in ("https", "http")
    return {
        "code": hotline.code,
        "question": QUESTIONS.get(hotline.code) or hotline.label,
        "title": hotline.label,
        "text": hotline.when,
        "phone": "" if is_page or scheme == "sms" else hotline.number,
        "phone_href": target if scheme == "tel" else "",
        "sms": hotline.number if scheme == "sms" else "",
        "url": hotline.number_href if is_page else "",
        "url_label": hotline.number if is_page else "",
        "href": _link(hotline),
        "number": hotline.number,
        "hours": hotline.hours,
        "checked": hotline.last_checked_on,
        "kind": "danger" if hotline.code == EMERGENCY else "",
    }


def help_choices(agency: Agency) -> list[dict[str, Any]]:
    """Every number of the help screen, the emergency first. One query.

    An agency's own number stands in for the common one of the same code; where no emergency
    number is listed, the agency's own field gives it.
    """
    numbers: dict[str, Hotline] = {}
    for hotline in help_hotlines(agency):
        if hotline.code not in numbers or hotline.agency_id is not None:
            numbers[hotline.code] = hotline
    number = agency.emergency_number
    emergency = numbers.pop(EMERGENCY, None) or Hotline(
        code=EMERGENCY, label=gettext("Emergency"), number=number, number_href=f"tel:{number}"
    )
    order = [*HOTLINES.values()]
    rest = sorted(
        numbers.values(),
        key=lambda one: order.index(one.code) if one.code in order else len(order),
    )
    return [help_line(hotline) for hotline in (emergency, *rest)]


def helps_by_line(agency: Agency) -> list[dict[str, Any]]:
    """`help_choices`, each with the `lines` that it answers; those that answer none are left out.

    The emergency number stands with every line but tips, and alone where a line has no other.
    """
    choices = help_choices(agency)
    listed = {choice["code"] for choice in choices}
    for choice in choices:
        code = choice["code"]
        choice["lines"] = [
            line
            for line, answering in HOTLINES.items()
            if code == answering
            or (code == EMERGENCY and (line != "crime_tip" or answering not in listed))
        ]
    return [choice for choice in choices if choice["lines"]]


def helps_for(lines: list[str], agency: Agency) -> list[dict[str, Any]]:
    """Those of `helps_by_line` that answer one of these lines; no query for no line."""
    if not lines:
        return []
    return [one for one in helps_by_line(agency) if set(one["lines"]) & set(lines)]


def helps_with(code: str, agency: Agency) -> list[dict[str, Any]]:
    """The number listed under a code, such as the one of a category that is sent elsewhere."""
    return [choice for choice in help_choices(agency) if choice["code"] == code]


def _link(hotline: Hotline) -> str:
    """What a tap opens; a number without a link of its own is dialled as it is written."""
    if hotline.number_href.startswith(("tel:", "sms:", "https:", "http:")):
        return hotline.number_href
    digits = "".join(sign for sign in hotline.number if sign.isdigit() or sign == "+")
    return f"tel:{digits}"
