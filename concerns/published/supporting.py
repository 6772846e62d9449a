"""Release how many others say "mine too": rounded down, from ten up, once a day."""

from collections.abc import Mapping

from concerns.published.models import PublicConcern, Support

LEAST = 10
STEPS = (1, 2, 5)


def step_below(number: int) -> int:
    """Return the round number that is shown for so many: 10, 20, 50, 100, ...; 0 below ten."""
    shown, scale = 0, LEAST
    while scale <= number:
        shown = max(step * scale for step in STEPS if step * scale <= number)
        scale *= 10
    return shown


def release(numbers: Mapping[int, int]) -> None:
    """Replace what is shown; `numbers` are how many joined, by id of the published concern.

    In the caller's transaction.
    """
    steps = {public_id: step_below(number) for public_id, number in numbers.items()}
    shown = {public_id: step for public_id, step in steps.items() if step}
    Support.objects.exclude(public_concern__in=list(shown)).delete()
    agencies = PublicConcern.objects.filter(pk__in=list(shown)).values_list("pk", "agency_id")
    Support.objects.bulk_create(
        [
            Support(agency_id=agency_id, public_concern_id=pk, at_least=shown[pk])
            for pk, agency_id in agencies
        ],
        update_conflicts=True,
        unique_fields=["public_concern"],
        update_fields=["at_least"],
    )
