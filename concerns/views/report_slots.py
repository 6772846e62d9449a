"""What the pieces around a report put on its pages; each brings one line here and its template.

The form page shows `report_contact.html`; the check page `report_danger.html`,
`report_similar.html`, `report_photos.html` and `report_challenge.html`; the receipt what is left
to say about photos and the rest.
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns.actions.intake import Receipt
from concerns.calling import way_of
from concerns.forms.place import ChosenPlace
from concerns.forms.report import ReportForm
from concerns.models import Category
from concerns.models.contact_wishes import Way
from concerns.views.danger_slots import before_sending, while_typing
from concerns.views.public_photos import photos_on_receipt
from concerns.views.report_similar import similar_context
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency

# How a reporter who is not anonymous learns that an answer waits.
TOLD_BY = {
    Way.EMAIL: _("A mail tells you that a message waits. It does not say about what."),
    Way.TEXT: _(
        "A text asks whether you want them: answer YES. Then a text tells you that a message "
        "waits. It does not say about what."
    ),
    Way.PHONE: _("Staff call you, and mind what you wished."),
    Way.LETTER: _("A letter tells you that a message waits. It does not say about what."),
    Way.RELAY: _("The organisation that you chose tells you that a message waits."),
}


def form_slots(request: PortalRequest, *, agency: Agency, form: ReportForm) -> dict[str, Any]:
    """Context of the pieces on the form page."""
    return {**while_typing(request, agency)}


def check_slots(
    request: PortalRequest,
    *,
    agency: Agency,
    form: ReportForm,
    category: Category,
    place: ChosenPlace,
) -> dict[str, Any]:
    """Context of the pieces on the check page; the form is valid, nothing is stored yet."""
    similar = similar_context(
        request,
        agency=agency,
        category=category,
        place=place,
        text=form.cleaned_data["text"],
        is_home=form.cleaned_data["is_home"],
        now=timezone.now(),
    )
    return {
        **similar,
        **before_sending(
            agency, [form.cleaned_data["text"], *(str(one.words) for one in form.given)]
        ),
    }


def receipt_slots(request: PortalRequest, *, agency: Agency, receipt: Receipt) -> dict[str, Any]:
    """Context of the pieces on the receipt, also when it is shown again."""
    told_how = TOLD_BY[way_of(receipt.concern)]
    return {"told_how": told_how, **photos_on_receipt(request, receipt)}
