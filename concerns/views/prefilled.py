"""A report that begins with the kind of a published concern: "report something like this"."""

import re

from django.http import HttpRequest, QueryDict

CODE = re.compile(r"[-a-z0-9_]{1,40}")


def kind_of(request: HttpRequest) -> dict[str, str]:
    """What the next page's address needs to begin with the same kind."""
    code = request.GET.get("category", "")
    return {"category": code} if CODE.fullmatch(code) else {}


def begun_with(request: HttpRequest) -> QueryDict | None:
    """The form's first answer where the address brings one."""
    kind = kind_of(request)
    if not kind:
        return None
    begun = QueryDict(mutable=True)
    begun.update(kind)
    return begun
