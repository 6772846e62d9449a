"""Which directory an agency demands, for its sign-in page."""

from django import template

from engagement.people.directory_doors import demanded_at
from engagement.people.directory_models import DirectoryConnection
from engagement.places.models import Agency

register = template.Library()


@register.simple_tag
def demanded_directories(agency: Agency | None) -> list[DirectoryConnection]:
    """One query; none where no agency is known."""
    return demanded_at(agency)
