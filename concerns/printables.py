"""What to ask about each kind of concern, as it is printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from concerns.models import Category, Question
from engagement.places.wording import Wording

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Asked:
    """One question with its answers; none to choose from means a free answer."""

    label: Wording
    answers: list[Wording]
    is_required: bool


@dataclass(frozen=True)
class Kind:
    category: Category
    questions: list[Asked]


@dataclass(frozen=True)
class PrintedGroup:
    heading: "StrOrPromise"
    kinds: list[Kind]


def asked_by_group(
    categories: Iterable[Category], questions: Iterable[Question]
) -> list[PrintedGroup]:
    """Kinds with their questions under the agency's headings, in its order."""
    by_category: dict[int, list[Asked]] = {}
    for question in questions:
        asked = Asked(
            question.label, [option.words for option in question.options], question.is_required
        )
        by_category.setdefault(question.category_id, []).append(asked)
    groups: dict[str, PrintedGroup] = {}
    for category in categories:
        group = groups.setdefault(category.group, PrintedGroup(category.group_label, []))
        group.kinds.append(Kind(category, by_category.get(category.pk, [])))
    return list(groups.values())
