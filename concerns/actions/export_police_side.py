"""What officers do and know beside a report. What protects somebody is not told of, whether there
is any or not: whoever finds code and secret may be the one it protects from."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concerns.actions.export_shape import INTERNAL, NUMBER, STAFF, Table
from concerns.models import (
    CallSuggestion,
    Concern,
    EmptyHome,
    OutsideNumber,
    SecuritySurvey,
    ServiceRequest,
    Visit,
    WrongDoor,
    WrongDoorCall,
    WrongDoorPage,
)
from concerns.outside_registry import PROTECTING

SEALED_DAYS = gettext_lazy("When your home is empty, and what an officer found there: kept sealed.")
STAFF_LINE = gettext_lazy("A line among staff. Ask the records custodian for it.")


def tables_of_police_side() -> list[Table]:
    """In the order of the export; labels in the language of now."""
    hidden = [_untold(model) for model in (OutsideNumber, CallSuggestion, WrongDoor)]
    return [
        _visits(),
        _service(),
        _sealed(EmptyHome, "absence", {"binding": NUMBER, "sealed": SEALED_DAYS}),
        _sealed(
            SecuritySurvey,
            "survey",
            {"binding": NUMBER, "sealed": SEALED_DAYS, "by_user": STAFF, "done_on": SEALED_DAYS},
        ),
        *hidden,
        *(_untold(model) for model in (WrongDoorPage, WrongDoorCall)),
    ]


def _visits() -> Table:
    return Table(
        code="visits",
        heading=_("Days on which an officer was there"),
        model=Visit,
        rows=lambda concern: concern.visits.filter(is_taken_back=False).order_by("id"),
        fields={"on": _("Day")},
        left_out={
            **INTERNAL,
            "by_user": STAFF,
            "was_at": STAFF,
            "line": STAFF_LINE,
            "is_taken_back": NUMBER,
        },
    )


def _service() -> Table:
    return Table(
        code="service",
        heading=_("The service that you asked for"),
        model=ServiceRequest,
        rows=lambda concern: ServiceRequest.objects.filter(concern=concern),
        fields={
            "kind": _("Kind"),
            "from_on": _("From"),
            "until_on": _("Until"),
            "recheck_on": _("To be looked at again"),
        },
        left_out={**INTERNAL},
    )


def _sealed(
    model: type[EmptyHome] | type[SecuritySurvey], code: str, left_out: Mapping[str, Promise]
) -> Table:
    reasons: dict[str, Promise] = {**INTERNAL, **left_out}
    return Table(
        code=code,
        heading=_("Kept sealed"),
        model=model,
        rows=lambda concern: model._default_manager.filter(concern=concern),
        fields={},
        left_out=reasons,
        is_withheld=True,
    )


def _untold(
    model: type[OutsideNumber]
    | type[CallSuggestion]
    | type[WrongDoor]
    | type[WrongDoorPage]
    | type[WrongDoorCall],
) -> Table:
    """No section of its own, which would say that there is something; named in the history."""
    return Table(
        code=str(model._meta.model_name),
        heading="",
        model=model,
        rows=_nothing,
        fields={},
        left_out=dict.fromkeys((field.name for field in model._meta.concrete_fields), PROTECTING),
        is_told_elsewhere=True,
    )


def _nothing(concern: Concern) -> list[Concern]:
    return []
