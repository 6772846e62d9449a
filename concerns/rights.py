"""Whether somebody may press a verb on a case: the right of their role, at that place."""

from concerns.models import Concern
from engagement.people.models import User
from engagement.people.rights import Everywhere, allowed, areas_with


def may(user: User, permission: str, concern: Concern) -> bool:
    """In the areas of their grant, or anywhere once the concern is theirs; what lies outside
    every area needs a grant for the whole agency. No query after the first question about a user.
    """
    if concern.owner_id == user.pk:
        return allowed(user, permission, agency_id=concern.agency_id)
    areas = areas_with(user, permission, concern.agency_id)
    return isinstance(areas, Everywhere) or concern.area_id in areas
