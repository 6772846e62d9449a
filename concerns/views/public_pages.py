"""What the pages of a reporter share: whom to call."""

from typing import Any

from engagement.places.models import Hotline


def help_line(hotline: Hotline) -> dict[str, Any]:
    """One number as its card shows it: a link opens a call, a text message or a page."""
    scheme, _, target = hotline.number_href.partition(":")
    is_page = scheme in ("https", "http")
    return {
        "title": hotline.label,
        "text": hotline.when,
        "phone": "" if is_page or scheme == "sms" else hotline.number,
        "phone_href": target if scheme == "tel" else "",
        "sms": hotline.number if scheme == "sms" else "",
        "url": hotline.number_href if is_page else "",
        "url_label": hotline.number if is_page else "",
        "hours": hotline.hours,
        "checked": hotline.last_checked_on,
        "kind": "danger" if hotline.code == "emergency" else "",
    }
