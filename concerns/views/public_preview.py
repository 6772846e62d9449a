"""What a report will lead to, said before it is sent: who, by when, and who sees which words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from concerns.deadlines import deadlines_from
from concerns.models import Category
from concerns.models.categories import Visibility
from concerns.models.concern import Level
from engagement.places.models import Agency
from engagement.places.queries import holidays_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EVERYONE = {
    Visibility.STREET: _(
        "The kind of concern, the nearest point of the street, the day, and a summary that staff "
        "write."
    ),
    Visibility.BLOCK: _(
        "The kind of concern, the block, the day, and a summary that staff write. Never the house."
    ),
    Visibility.AREA: _(
        "The kind of concern, the neighborhood, the day, and a summary that staff write. No street."
    ),
    Visibility.COUNT: _("Only a number in the figures of the area: no place and no words."),
    Visibility.NEVER: _("Nothing. Reports of this kind are never shown to the public."),
}
STAFF = {
    Level.ANONYMOUS: _(
        "Your words, the exact place and the day. Not who you are: we do not know it."
    ),
    Level.CONFIDENTIAL: _(
        "Your words, the exact place and the day. Your e-mail only with a permission and a "
        "written reason, which is recorded first."
    ),
    Level.SIGNED_IN: _(
        "Your words, the exact place and the day. The e-mail of your account only with a "
        "permission and a written reason, which is recorded first."
    ),
}


@dataclass(frozen=True)
class BeforeSending:
    handler: str
    answer_by: date | None
    resolve_by: date | None
    everyone_sees: "StrOrPromise"
    staff_see: "StrOrPromise"


def before_sending(
    *, category: Category, level: str, is_home: bool, agency: Agency, now: datetime
) -> BeforeSending:
    """The facts of the check page. Deadlines are days at the agency; one query."""
    day = agency.day_of(now)
    holidays = holidays_of(agency, since=day)
    deadlines = deadlines_from(
        day=day, ack_days=category.ack_days, target_days=category.target_days, holidays=holidays
    )
    visibility = Visibility(category.visibility)
    if is_home and visibility == Visibility.STREET:
        visibility = Visibility.BLOCK
    return BeforeSending(
        handler=str(category.handler),
        answer_by=deadlines.acknowledge_by,
        resolve_by=deadlines.resolve_by,
        everyone_sees=EVERYONE[visibility],
        staff_see=STAFF[Level(level)],
    )
