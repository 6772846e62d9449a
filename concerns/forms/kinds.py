"""Kinds of concern as the form offers them: under headings, with a picture and everyday words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from concerns.models import Category
from concerns.models.categories import Group

# Pictures of `icons.svg` by the code of a kind; others show the picture of their group.
PICTURES = {
    "emergency": "alert",
    "crisis": "phone",
    "child_abuse": "shield",
    "adult_abuse": "shield",
    "school_threat": "kind-school",
    "crime_tip": "eye",
    "past_crime": "document",
    "domestic_violence": "home",
    "elder_welfare": "person",
    "vandalism": "kind-broken",
    "graffiti": "kind-spray",
    "illegal_dumping": "kind-trash",
    "abandoned_vehicle": "kind-car",
    "light_signal_sign": "kind-lamp",
    "traffic_speed": "kind-gauge",
    "road_hazard": "kind-cone",
    "vacant_building": "kind-boarded",
    "property_maint": "home",
    "overgrown_lot": "kind-grass",
    "problem_property": "kind-building",
    "noise": "kind-noise",
    "encampment": "kind-tent",
    "animal": "kind-paw",
    "park_safety": "kind-tree",
    "school_zone": "kind-school",
    "suspicious": "eye",
    "bias_incident": "comment",
    "neighbor_dispute": "people",
    "request_patrol": "shield",
    "officer_feedback": "star",
}
GROUP_PICTURES = {
    Group.REDIRECT: "phone",
    Group.SAFETY: "shield",
    Group.ENVIRONMENT: "kind-cone",
    Group.TRAFFIC: "kind-car",
    Group.PROPERTY: "home",
    Group.YOUTH: "kind-school",
    Group.SERVICES: "hand-help",
    Group.ENGAGEMENT: "calendar",
    Group.ACCOUNTABILITY: "person",
}
PLAIN_PICTURE = "tag"


@dataclass(frozen=True)
class KindRow:
    """One kind: its picture, and the words of every language by which it is found."""

    category: Category
    picture: str
    words: str


@dataclass(frozen=True)
class CategoryGroup:
    """Kinds under one everyday heading; `is_open` when the chosen one is inside."""

    heading: str
    picture: str
    kinds: Sequence[KindRow]
    is_open: bool


def groups_of(categories: Iterable[Category], chosen: Category | None) -> list[CategoryGroup]:
    """Kinds under their headings, in the order the agency gave them."""
    found: dict[str, list[Category]] = {}
    for category in categories:
        found.setdefault(category.group, []).append(category)
    return [
        CategoryGroup(
            heading=str(members[0].group_label),
            picture=_group_picture(group),
            kinds=[_row(category) for category in members],
            is_open=chosen in members,
        )
        for group, members in found.items()
    ]


def _row(category: Category) -> KindRow:
    spoken = (category.label, category.everyday_words)
    return KindRow(
        category=category,
        picture=PICTURES.get(category.code) or _group_picture(category.group),
        words=", ".join(text for wording in spoken for _language, text in wording),
    )


def _group_picture(group: str) -> str:
    return GROUP_PICTURES[Group(group)] if group in GROUP_PICTURES else PLAIN_PICTURE
