"""What something was done to: a type and a reference, never a foreign key."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """For example Subject("concern", "7K3M9QXT2C"): the kind of row and its staff reference."""

    type: str
    reference: str
