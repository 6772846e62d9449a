"""What the invented history looks like. Printed before seeding, so that figures can be judged."""

from dataclasses import dataclass

from concerns.models.categories import TAKEN_MODES
from concerns.models.concern import Level
from concerns.workflow import Outcome

AGENCIES = 40
LARGEST_SHARE = 0.15
OPEN_SHARE = 0.04
# Most open work is young: this share of all concerns is new enough to be mostly open.
YOUNG_SHARE = 0.03
YOUNG_OPEN = 0.8
PUBLISHED_SHARE = 0.6
HOT_SHARE = 0.03
WITHOUT_PLACE = 0.03
YEARS = 6
VOCABULARY = 20_000
WORD_EXPONENT = 1.05
TYPICAL_WORDS = 30

LEVELS = {Level.ANONYMOUS: 0.5, Level.CONFIDENTIAL: 0.35, Level.SIGNED_IN: 0.15}
OUTCOMES = {
    Outcome.FIXED: 0.7,
    Outcome.NO_ACTION: 0.15,
    Outcome.REFERRED: 0.12,
    Outcome.WITHDRAWN: 0.03,
}


@dataclass(frozen=True)
class Order:
    """What to make: how many concerns and agencies; all chance is drawn from `seed`."""

    concerns: int
    seed: int
    agencies: int = AGENCIES


def agency_shares(agencies: int) -> list[float]:
    """Each agency's part of all concerns, the largest first; they add up to one."""
    weights = [1 / (rank + 4) for rank in range(agencies - 1)]
    rest = (1 - LARGEST_SHARE) / sum(weights)
    return [LARGEST_SHARE, *[weight * rest for weight in weights]]


def old_open() -> float:
    """The part of the older concerns that is still open, so that OPEN_SHARE comes out."""
    return (OPEN_SHARE - YOUNG_SHARE * YOUNG_OPEN) / (1 - YOUNG_SHARE)


def in_words(order: Order) -> str:
    """The shape in a few lines for whoever reads the figures."""
    levels = ", ".join(f"{share:.0%} {level.value}" for level, share in LEVELS.items())
    return "\n".join(
        [
            f"{order.concerns:,} concerns of {YEARS} years, seed {order.seed}: "
            f"{1 - OPEN_SHARE:.0%} done, most open ones young.",
            f"{order.agencies} agencies, the largest with {LARGEST_SHARE:.0%}; in each, "
            f"{HOT_SHARE:.0%} at one corner and {WITHOUT_PLACE:.0%} without a place.",
            f"Texts of about {TYPICAL_WORDS} words from {VOCABULARY:,}, as frequent as rank to the "
            f"power of -{WORD_EXPONENT}; kinds ({'/'.join(TAKEN_MODES)} only) as 1/rank.",
            f"Reporters: {levels}. Published: {PUBLISHED_SHARE:.0%} of what may be.",
            "A meeting every two weeks in each agency; in the largest, one answer to 25 concerns.",
            "With status changes, replies, notes, areas, updates and sent messages. Left out: the "
            "audit entries of the bulk (agencies and officers have theirs). Addresses of the bulk "
            "are noise that nobody can open.",
        ]
    )
