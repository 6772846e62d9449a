"""How a table stands in the export of a report: shown column by column, or why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from concerns.models import Concern

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NUMBER = gettext_lazy("Row numbers of the database and marks that tie rows together.")
STAFF = gettext_lazy("Which member of staff it was: known to their supervisor.")
DIGEST = gettext_lazy("A fingerprint that only proves a code, a secret or a link.")
REFERENCE = gettext_lazy("The number under which staff file it; kept apart from your code.")
SAME_WORDS = gettext_lazy("The same words once more, for searching.")
ORDERING = gettext_lazy("The same once more, for the order of the staff's list.")
ACCOUNT = gettext_lazy("A fingerprint of the account; nobody can read the account from it.")
NOTES = gettext_lazy("Notes among staff. Ask the records custodian for them.")
OTHERS = gettext_lazy("What other people said; it is theirs.")
MISUSE = gettext_lazy("Checks against misuse; they would not work if everybody could read them.")
FILE = gettext_lazy("Names and fingerprints of files.")
SEALED = gettext_lazy("The address itself stays sealed, for whoever finds your code and secret.")
INTERNAL = {"id": NUMBER, "agency": NUMBER, "concern": NUMBER}


@dataclass(frozen=True)
class Table:
    """`fields` maps columns to labels, `left_out` columns to reasons; `special` says how a column
    is told where its own value says too much. Withheld rows are counted nowhere and named once."""

    code: str
    heading: "StrOrPromise"
    model: type[models.Model]
    rows: Callable[[Concern], Iterable[Any]]
    fields: dict[str, "StrOrPromise"]
    left_out: dict[str, Promise]
    special: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    is_withheld: bool = False
    # By a section that is made of more than this table.
    is_told_elsewhere: bool = False
