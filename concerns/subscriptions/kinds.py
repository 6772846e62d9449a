"""Which kinds of concern can be followed: those of which anything is ever shown at a place."""

from concerns.models.categories import Category
from engagement.places.models import Agency


def followable_kinds(agency: Agency) -> list[tuple[str, str]]:
    """Code and name in the active language, sorted by it. One query."""
    found = Category.objects.of(agency).taken()
    return sorted(
        ((kind.code, str(kind.label)) for kind in found if kind.has_public_place),
        key=lambda kind: (kind[1], kind[0]),
    )
