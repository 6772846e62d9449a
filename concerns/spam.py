"""Why a report is looked at before it reaches the queue, in codes and in words. Pure."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    TRAP = "trap"
    HASTY = "hasty"
    UNPROVEN = "unproven"
    ALIKE = "alike"
    MANY = "many"
    FLOOD = "flood"


REASON_WORDS = {
    Reason.TRAP: _("A field that people do not see was filled in."),
    Reason.HASTY: _("It was sent faster than a person reads the page."),
    Reason.UNPROVEN: _(
        "It came without the work that browsers do, while reports are being slowed down."
    ),
    Reason.ALIKE: _("Nearly the same words came several times within a day."),
    Reason.MANY: _("Many reports came from one connection within ten minutes."),
    Reason.FLOOD: _("Far more reports than usual came within this hour."),
}


def in_words(reasons: list[str]) -> list[str]:
    """The reasons in the order in which they weigh; an unknown code is left out."""
    return [str(words) for reason, words in REASON_WORDS.items() if reason in reasons]
