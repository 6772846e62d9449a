"""Other systems in the administration: how their numbers look, and how their file is read."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concerns.models import CallMapping, OutsideSystems
from engagement.doors.admin import AuditedAdmin, site

MASKS = _(
    "One form on each line, five at most: # is a digit, @ a letter, * either, what stands in "
    "parentheses may be missing. 26-###### stands for 26-012345. Leave it empty to take any number."
)


class OfOneAgency(AuditedAdmin):
    list_select_related = ("agency",)
    ordering = ("agency",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("agency",) if obj is not None else ()


@admin.register(OutsideSystems, site=site)
class OutsideSystemsAdmin(OfOneAgency):
    help_texts: ClassVar[dict[str, Any]] = {
        "cad_masks": MASKS,
        "rms_masks": MASKS,
        "cad_example": _("Shown to officers beside the field; it has to fit."),
        "rms_example": _("Shown to officers beside the field; it has to fit."),
        "copies_words": _(
            "Then “Copy for CAD” holds the report as it was written. Those words may tell who "
            "wrote them, and CAD keeps them longer than this portal promised. Off, it holds only "
            "what staff wrote for everybody."
        ),
    }
    list_display = ("agency", "cad_example", "rms_example", "copies_words")


@admin.register(CallMapping, site=site)
class CallMappingAdmin(OfOneAgency):
    help_texts: ClassVar[dict[str, Any]] = {
        "system": _("Which system the nightly file comes from: dispatch (CAD) or records (RMS)."),
        "number_column": _("The heading of the column, as the file writes it."),
        "date_column": _("Its days may be written 2026-04-30, 04/30/2026 or with a time behind."),
        "type_column": _("Leave it empty when the file does not tell kinds of call."),
        "block_column": _("Exact houses are made into the hundred of their block."),
        "disposition_column": _("How the call ended. Leave it empty when the file does not tell."),
        "delimiter": _("Open the file in a plain editor to see it: most files have commas."),
        "encoding": _("Try Windows-1252 when letters such as ñ come out wrong with UTF-8."),
        "kinds": _(
            "One kind=category on each line, such as NOISE*=noise; * stands for anything, the "
            "first fit wins. With such lines a call is only suggested to cases of that category; "
            "without any, street and day are enough."
        ),
    }
    list_display = ("agency", "system", "number_column", "date_column")
