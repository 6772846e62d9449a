"""What a report will lead to, said before it is sent: who, by when, and who sees what of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concerns.actions.public_places import is_off_street, place_for
from concerns.deadlines import deadlines_from
from concerns.forms.place import ChosenPlace
from concerns.forms.report import ReportForm
from concerns.models import Category, Concern
from concerns.models.categories import Visibility
from concerns.models.concern import Level
from concerns.models.contact_wishes import BY_HAND, Way
from engagement.places.models import Agency
from engagement.places.queries import holidays_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What everybody can learn of a report, by its kind.
APPEARS = {
    Visibility.COUNT: gettext_lazy("Nobody sees it singly. It counts in figures of the area."),
    Visibility.NEVER: gettext_lazy("It is never shown to the public."),
}
NEVER = gettext_lazy("Never")
NOTHING = gettext_lazy("Nothing")


@dataclass(frozen=True)
class Seen:
    """One part of the report, and what each of three circles sees of it."""

    part: "StrOrPromise"
    staff: "StrOrPromise"
    partners: "StrOrPromise"
    everyone: "StrOrPromise"


@dataclass(frozen=True)
class BeforeSending:
    """`appears` says when and how the public hears of it at all."""

    handler: str
    answer_by: date | None
    resolve_by: date | None
    appears: "StrOrPromise"
    is_private: bool
    parts: list[Seen]


def before_sending(
    *,
    form: ReportForm,
    category: Category,
    place: ChosenPlace,
    agency: Agency,
    now: datetime,
) -> BeforeSending:
    """The facts of the check page for exactly this valid form. Deadlines are days at the agency."""
    day = agency.day_of(now)
    holidays = holidays_of(agency, since=day)
    deadlines = deadlines_from(
        day=day, ack_days=category.ack_days, target_days=category.target_days, holidays=holidays
    )
    return BeforeSending(
        handler=str(category.handler),
        answer_by=deadlines.acknowledge_by,
        resolve_by=deadlines.resolve_by,
        appears=_appears(category),
        is_private=category.is_private,
        parts=[
            _kind(category),
            _words(category),
            _place(form, category, place, agency),
            *([_answers()] if form.given else []),
            _photos(category),
            _reach(form),
            _day(category),
        ],
    )


def _appears(category: Category) -> "StrOrPromise":
    if not category.has_public_place:
        return APPEARS[Visibility(category.visibility)]
    if category.publishes_without_text and category.public_sentence:
        return _("It appears on the public map as soon as an officer accepts it.")
    return _("It appears on the public map only if staff publish a summary of it.")


def _kind(category: Category) -> Seen:
    everyone = _if_shown(category, str(category.label))
    brief = _("Only in a brief that staff write for them")
    return Seen(_("What it is about"), str(category.label), brief, everyone)


def _words(category: Category) -> Seen:
    everyone: StrOrPromise = NEVER
    if category.has_public_place:
        everyone = _("Never. Staff write a summary of their own.")
        if category.publishes_without_text and category.public_sentence:
            everyone = _("Never. At first: “%(sentence)s”") % {"sentence": category.public_sentence}
    return Seen(_("Your words"), _("As you wrote them"), NEVER, everyone)


def _place(form: ReportForm, category: Category, place: ChosenPlace, agency: Agency) -> Seen:
    has_point = place.lon is not None
    if has_point:
        staff = _("The exact place: %(place)s") % {"place": place.text or _("the pin")}
    else:
        staff = place.text or _("No exact place")
    partners = _("A street, block or area that staff choose, never the exact place")
    return Seen(
        _("The place"),
        staff,
        partners if has_point else _("The area at most"),
        _public_place(form, category, place, agency),
    )


def _public_place(
    form: ReportForm, category: Category, place: ChosenPlace, agency: Agency
) -> "StrOrPromise":
    if not category.has_public_place:
        return NEVER
    if place.lon is None:
        name = place.text if place.area_code else agency.short_name or agency.name
        return _("The area: %(place)s") % {"place": name}
    draft = Concern(
        agency=agency,
        category=category,
        lon=place.lon,
        lat=place.lat,
        is_home=form.cleaned_data["is_home"],
    )
    shown = place_for(draft, is_private=is_off_street(draft))
    if shown is None:
        return NEVER
    words = {
        Visibility.STREET: _("The nearest point of the street: %(place)s"),
        Visibility.BLOCK: _("The block, never the house: %(place)s"),
        Visibility.AREA: _("The area, no street: %(place)s"),
    }
    return words[Visibility(shown.anchor.precision)] % {"place": shown.label}


def _answers() -> Seen:
    return Seen(_("Your answers"), _("As you gave them"), NEVER, NEVER)


def _photos(category: Category) -> Seen:
    chosen = _("Only copies that staff chose and covered where needed")
    return Seen(
        _("Photos, if you add some"),
        _("As you send them, without hidden data such as the place"),
        chosen,
        chosen if category.has_public_place else NEVER,
    )


def _reach(form: ReportForm) -> Seen:
    part, nobody = _("How to reach you"), _("Nobody knows it")
    level = form.cleaned_data["level"]
    if level == Level.ANONYMOUS:
        return Seen(part, nobody, nobody, nobody)
    way = form.chosen_way if level == Level.CONFIDENTIAL else Way.EMAIL
    staff = _("Only with a permission and a written reason, which is recorded first")
    partners: StrOrPromise = NEVER
    if way in BY_HAND:
        staff = _("Only who calls or writes to you, and that is recorded first")
    elif way == Way.RELAY:
        staff = _("Only whom you trust: %(name)s") % {"name": form.relay_name}
        partners = _("%(name)s passes messages on; no other partner is told") % {
            "name": form.relay_name
        }
    return Seen(part, staff, partners, NEVER)


def _day(category: Category) -> Seen:
    everyone = _if_shown(category, _("The day"))
    brief = _("Only in a brief that staff write for them")
    return Seen(_("When you sent it"), _("The day and the hour"), brief, everyone)


def _if_shown(category: Category, words: str) -> "StrOrPromise":
    if category.has_public_place:
        return words
    is_counted = category.visibility == Visibility.COUNT
    return _("Only as a number in figures of the area") if is_counted else NOTHING
