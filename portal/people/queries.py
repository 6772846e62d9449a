"""Who works at an agency, as its administrator reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Q

from engagement.people.models import AreaAssignment, Grant, User
from engagement.people.roles import ROLE_WORDS, Role
from engagement.places.models import Agency


@dataclass
class Person:
    """One member of staff with what they hold here; no address, and not when they were last in."""

    user: User
    has_factor: bool
    grants: list[Grant] = field(default_factory=list)
    duties: list[AreaAssignment] = field(default_factory=list)

    @property
    def roles(self) -> list[str]:
        return sorted({str(ROLE_WORDS[Role(grant.role)]) for grant in self.grants})


def staff_of(agency: Agency, today: date, *, only: int | None = None) -> list[Person]:
    """Whoever holds a role here now or will, by name; `only` asks for one account. Four queries."""
    standing = Q(until_on__isnull=True) | Q(until_on__gte=today)
    grants = Grant.objects.filter(standing, agency=agency).order_by("role", "from_on", "id")
    duties = AreaAssignment.objects.filter(standing, agency=agency).select_related("area")
    if only is not None:
        grants, duties = grants.filter(user_id=only), duties.filter(user_id=only)
    return _people(
        list(grants.select_related("user").prefetch_related("areas")),
        list(duties.order_by("area__name", "id")),
    )


def was_here(agency: Agency, number: int) -> User | None:
    """The account that holds or held a role at this agency, else None."""
    return User.objects.filter(pk=number, grants__agency=agency).distinct().first()


def _people(grants: Iterable[Grant], duties: Iterable[AreaAssignment]) -> list[Person]:
    found: dict[int, Person] = {}
    holding = {grant.user_id for grant in grants}
    guarded = set(
        Authenticator.objects.filter(user_id__in=holding).values_list("user_id", flat=True)
    )
    for grant in grants:
        person = found.setdefault(
            grant.user_id, Person(user=grant.user, has_factor=grant.user_id in guarded)
        )
        person.grants.append(grant)
    for duty in duties:
        if duty.user_id in found:
            found[duty.user_id].duties.append(duty)
    return sorted(found.values(), key=lambda person: (person.user.name, person.user.pk))
