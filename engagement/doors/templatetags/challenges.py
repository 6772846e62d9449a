"""Tags of forms that carry a challenge: the address they are sent to, and what they hold."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import RequestContext

from engagement.doors.challenging import TRAP, challenged_address
from engagement.doors.submission import opened_at

register = template.Library()


@register.simple_tag(takes_context=True)
def challenged(context: RequestContext, address: str, form: str, key: str = "") -> str:
    """`address` for the form's action, with a challenge; `key` is the form's submission key."""
    request: HttpRequest = context["request"]
    return challenged_address(request, address, form, since=opened_at(key) if key else None)


@register.inclusion_tag("components/challenge.html")
def challenge() -> dict[str, Any]:
    """The script that does the work, and a field that no person sees. Once in each form."""
    return {"trap": TRAP}
