from django.db.models import Q, QuerySet

from engagement.places.models import Agency, Hotline


def help_hotlines(agency: Agency | None) -> QuerySet[Hotline]:
    """Give the numbers for the help screen: those of everyone and those of this agency."""
    whose = Q(agency__isnull=True)
    if agency is not None:
        whose |= Q(agency=agency)
    return Hotline.objects.filter(whose, is_on_help_screen=True).order_by("sort", "code", "id")
