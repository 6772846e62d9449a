"""Keys of other servers under a new key of ours."""

from engagement.groups.endpoint_keys import key_of, seal_key
from engagement.groups.models import Organisation


def reseal_endpoint_keys(after_id: int, limit: int) -> int:
    """Seal the next keys anew; return the last id seen."""
    rows = Organisation.objects.select_for_update().filter(pk__gt=after_id).order_by("pk")
    for organisation in rows[:limit]:
        seal_key(organisation, key_of(organisation))
        organisation.save(update_fields=["endpoint_key"])
        after_id = organisation.pk
    return after_id
