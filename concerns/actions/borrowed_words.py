"""Words of residents, which the public and partners read nowhere as they were written."""

import re
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from concerns.families import joined_with, whole_of
from concerns.models import Answer, Concern, Joining, Reply
from concerns.models.casework import Direction

# So many words in a row that also stand in the report are taken for its reporter's own.
BORROWED_WORDS = 6
FEWEST_WORDS = 3


def borrows(words: str, report: str) -> bool:
    """Tell whether `words` repeat six words in a row of what a reporter wrote, or all of it where
    that is shorter. Fewer than three words are anybody's."""
    said, wrote = _spoken(words), _spoken(report)
    length = min(BORROWED_WORDS, len(wrote))
    if length < FEWEST_WORDS:
        return False
    runs = {tuple(wrote[start : start + length]) for start in range(len(wrote) - length + 1)}
    return any(
        tuple(said[start : start + length]) in runs for start in range(len(said) - length + 1)
    )


def _spoken(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def residents_words(concern: Concern, *besides: QuerySet[Any, Any]) -> list[str]:
    """All that its reporter and those who joined wrote, and whose reports were joined with it; the
    public reads none of it as it is. A part tells what its whole report told. `besides` are other
    texts that are read in the same query."""
    own = whole_of(concern) or concern
    here = [own.pk, *(joined.pk for joined in joined_with(concern))]
    reports = Concern.objects.filter(pk__in=here).order_by("pk").values("text")
    replies = Reply.objects.filter(concern__in=here, direction=Direction.FROM_REPORTER)
    asked = Answer.objects.filter(concern__in=here).order_by("id").values("typed")
    said = Joining.objects.filter(concern__in=here).order_by("id").values("words")
    lists = Concern.objects.filter(pk=own.pk).values_list(
        ArraySubquery(reports),
        ArraySubquery(replies.order_by("id").values("text")),
        ArraySubquery(asked),
        ArraySubquery(said),
        *(ArraySubquery(texts) for texts in besides),
    )
    return [words for texts in lists.get() for words in texts]
