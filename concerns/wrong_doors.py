"""What other actions ask about marks of the wrong door."""

from concerns.actions.casework import CannotMove
from concerns.models import Concern, OutsideNumber, WrongDoor
from concerns.models.outside_numbers import System
from concerns.models.wrong_doors import Ending, Wrong


class NeedsNumber(CannotMove):
    """A crime is closed with the number of its report, or with why there is none."""


def is_wrong_door(concern: Concern) -> bool:
    """Whether nothing of the case may reach the public or a partner now. One query."""
    return WrongDoor.objects.hiding().filter(concern=concern).exists()


def lacks_number(concern: Concern) -> bool:
    """Whether it was marked as a crime, and has neither a report number nor a reason. One query."""
    crimes = WrongDoor.objects.filter(concern=concern, kind=Wrong.CRIME, no_number_reason="")
    reported = OutsideNumber.objects.filter(concern=concern, system=System.RMS)
    unexplained = crimes.exclude(ending=Ending.MISTAKE)
    return unexplained.exclude(concern__in=reported.values("concern_id")).exists()


def demand_number(concern: Concern) -> None:
    """Raises NeedsNumber. For actions that end a case; one query."""
    if lacks_number(concern):
        raise NeedsNumber(concern)
