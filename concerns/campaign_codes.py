"""The code of a poster as a visitor brings it along: in an address or a form, kept nowhere."""

from django.http import HttpRequest

from engagement.keys.references import BadReference, normalise

IN_ADDRESS, IN_FORM = "from", "campaign"


def code_of(request: HttpRequest) -> str:
    """The code, empty when there is none or it cannot be one."""
    typed = request.POST.get(IN_FORM, "") or request.GET.get(IN_ADDRESS, "")
    try:
        return normalise(typed[:20]) if typed else ""
    except BadReference:
        return ""


def query_of(request: HttpRequest) -> dict[str, str]:
    """What the next page's address needs to know the code as well."""
    code = code_of(request)
    return {IN_ADDRESS: code} if code else {}
