"""Joining small counts until none of them can be told. Pure.

Only sums of five and more are said. Where a sum would give away its parts, because all of them
must be as large as a small count can be, it is joined with one more area, always the next in a
fixed order: which one is taken must not depend on its size.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

FEWEST = 5
LARGEST_SMALL = FEWEST - 1

Cell = int | None


class Joined(NamedTuple):
    """Areas counted together, in their order; None stands for outside all areas."""

    cells: tuple[Cell, ...]
    number: int


def joined_up(counts: Mapping[Cell, int], *, cells: Sequence[Cell]) -> list[Joined]:
    """Cut `cells` into groups whose sums may be published; an empty list means: say nothing yet.

    Every cell is in exactly one group, so that totals tell nothing that the groups do not.
    """
    total = sum(counts.get(cell, 0) for cell in cells)
    if total < FEWEST:
        return []
    together = [cell for cell in cells if counts.get(cell, 0) < FEWEST]
    alone = [cell for cell in cells if counts.get(cell, 0) >= FEWEST]
    smalls = len(together)
    while together and not _hides(sum(counts.get(c, 0) for c in together), smalls, together):
        if not alone:
            return [Joined(tuple(cells), total)]
        together.append(alone.pop(0))
    groups = [Joined((cell,), counts[cell]) for cell in alone]
    if together:
        ordered = tuple(cell for cell in cells if cell in together)
        groups.append(Joined(ordered, sum(counts.get(cell, 0) for cell in ordered)))
    return groups


def _hides(number: int, smalls: int, together: Sequence[Cell]) -> bool:
    if len(together) > smalls:
        return True
    return FEWEST <= number < LARGEST_SMALL * smalls
