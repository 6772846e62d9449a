"""Who writes which language, and what waits for it: look-ups."""

from django.db.models import Q, QuerySet

from concerns.models import Concern, LanguageTask, WrittenLanguage
from concerns.models.languages import Help
from concerns.registry import TRIAGE
from concerns.rights import within
from engagement.people.models import User
from engagement.places.models import Agency


def colleagues_writing(agency_id: int, language: str) -> QuerySet[WrittenLanguage]:
    """Who said that they write the language, by name; whoever left is not among them."""
    rows = WrittenLanguage.objects.filter(agency_id=agency_id, language=language)
    return rows.filter(user__is_active=True).order_by("user__name", "user_id")


def languages_of(user: User, agency: Agency) -> list[str]:
    """The languages that this member of staff writes, in order; one query."""
    rows = WrittenLanguage.objects.filter(user=user, agency=agency).order_by("language")
    return list(rows.values_list("language", flat=True))


def tasks_for(user: User, agency: Agency, languages: list[str]) -> QuerySet[LanguageTask]:
    """What waits for this person, oldest first: named to them or to whoever writes one of their
    languages, and what waits for the interpreter line where they work. Only of concerns that
    they may read."""
    theirs = within(user, TRIAGE, agency.pk)
    here = Q(concern__in=Concern.objects.filter(theirs).order_by()) if theirs else Q()
    anybody = Q(colleague__isnull=True, language__in=languages)
    mine = Q(help=Help.COLLEAGUE) & (Q(colleague=user) | anybody)
    return (
        LanguageTask.objects.filter(mine | Q(here, help=Help.INTERPRETER))
        .filter(agency=agency, done_on__isnull=True, concern__in=Concern.objects.visible_to(user))
        .select_related("concern__category", "asked_by", "colleague")
        .order_by("asked_on", "id")
    )
