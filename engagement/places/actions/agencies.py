from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.events import AGENCY_CREATED
from engagement.places.models import Agency


class CannotCreateAgency(Exception):
    """The name or the short address cannot be used; the text says why in one line."""


@transaction.atomic(durable=True)
def create_agency(*, slug: str, name: str, by: Actor, now: datetime) -> Agency:
    """Create an agency; the first one becomes the default. Raises CannotCreateAgency."""
    agency = Agency(slug=slug, name=name.strip(), is_default=not Agency.objects.exists())
    try:
        agency.full_clean()
    except ValidationError as wrong:
        told = "; ".join(f"{name}: {' '.join(told)}" for name, told in wrong.message_dict.items())
        raise CannotCreateAgency(told) from wrong
    agency.save(force_insert=True)
    record(
        AGENCY_CREATED,
        by=by,
        subject=Subject("agency", agency.slug),
        agency_id=agency.pk,
        now=now,
    )
    return agency
