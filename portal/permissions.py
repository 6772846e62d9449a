"""docs/permissions.md, written from the code: who may do what, and what every door asks."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from engagement.doors.access import Door, Kind, door_of
from engagement.people.registry import known_permissions
from engagement.people.roles import ROLE_SENTENCES, ROLE_WORDS, Role
from portal.environment import ROOT

PAGE = ROOT / "docs" / "permissions.md"
KINDS = {
    Kind.PUBLIC: "Public: no sign-in, and the database shows only what was published",
    Kind.OPEN: "Open: no sign-in; forms that write, and links that were mailed",
    Kind.SIGNED_IN: "Signed in: any account, about its own matters",
    Kind.STAFF: "Staff: the permission named, at an agency of one's own",
    Kind.OPERATOR: "Operator: whoever runs the installation",
}
HEAD = """# Permissions

Written by `make permissions` from the code; `make check` fails when it is stale.

A person holds roles by grants: at one agency, in some of its areas or in all, from a first day
to a last one. A role holds permissions. No permission holds without a second factor shown in the
same session (a demonstration asks for none). Another agency's rows answer like rows that do not
exist. Nobody gives a role to themselves; an agency administrator is made by two people, or in a
small agency by one who waits a day while the chief is told. Where an agency requires its
directory, only sessions that came from there count.
"""


@dataclass(frozen=True)
class Address:
    pattern: str
    door: Door | None


def page() -> str:
    """The whole document, ending in a newline."""
    with translation.override("en"):
        return "\n".join([HEAD, *_roles(), "", *_matrix(), "", *_meanings(), "", *_doors()]) + "\n"


def _roles() -> Iterator[str]:
    yield "## Roles\n"
    yield from (f"- **{ROLE_WORDS[role]}**: {ROLE_SENTENCES[role]}" for role in Role)


def _matrix() -> Iterator[str]:
    yield "## Who may do what\n"
    yield f"| permission | {' | '.join(str(ROLE_WORDS[role]) for role in Role)} |"
    yield f"|---|{':-:|' * len(Role)}"
    for permission in known_permissions():
        marks = ("yes" if role in permission.roles else "" for role in Role)
        yield f"| `{permission.name}` | {' | '.join(marks)} |"


def _meanings() -> Iterator[str]:
    yield "## What each permission allows\n"
    for permission in known_permissions():
        yield f"- `{permission.name}`: {permission.words}."


def _doors() -> Iterator[str]:
    found = sorted(addresses(), key=lambda address: address.pattern)
    yield "## Doors"
    for kind, words in KINDS.items():
        yield f"\n### {words}\n"
        yield "| address | permission |\n|---|---|" if kind == Kind.STAFF else "| address |\n|---|"
        for address in found:
            if address.door is None or address.door.kind != kind:
                continue
            asked = f" `{address.door.permission}` |" if kind == Kind.STAFF else ""
            yield f"| `/{_readable(address.pattern)}` |{asked}"


def addresses() -> Iterator[Address]:
    """Every address once; the administration's many pages as one."""
    yield from _walk(get_resolver(), "", "")
    yield Address("admin/...", Door(Kind.OPERATOR))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            route = f"{namespace}:{entry.name or ''}" if namespace else entry.name or ""
            yield Address(pattern, door_of(entry.callback, route))
        elif entry.namespace != "admin":
            yield from _walk(entry, pattern, entry.namespace or namespace)


def _readable(pattern: str) -> str:
    return pattern.replace("^", "").replace("$", "").replace("|", "\\|")
