"""The code of the poster that somebody came from, carried from page to page in the form alone."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import RequestContext

from concerns.campaign_codes import code_of

register = template.Library()


@register.inclusion_tag("concerns/campaign_input.html", takes_context=True)
def campaign_input(context: RequestContext) -> dict[str, Any]:
    """A hidden field; nothing where nobody came from a poster."""
    request: HttpRequest | None = context.get("request")
    return {"code": code_of(request) if request is not None else ""}
