"""What staff do with a concern, in one place. Each verb refuses a version that is no longer the one
seen."""

from concerns.actions.assigning import CannotAssign, assign
from concerns.actions.casework import BadWords, StaleEdit
from concerns.actions.ending import CannotClose, CannotResolve, close, resolve
from concerns.actions.refiling import (
    CannotChangePriority,
    CannotCorrectCategory,
    change_priority,
    correct_category,
)
from concerns.actions.replying import (
    CannotAsk,
    CannotReply,
    Spoken,
    UnsaidLanguage,
    add_note,
    ask,
    reply,
)
from concerns.actions.taking_on import (
    CannotAccept,
    CannotReopen,
    CannotStart,
    CannotWait,
    accept,
    may_be_reopened,
    reopen,
    start,
    wait,
)

__all__ = [
    "BadWords",
    "CannotAccept",
    "CannotAsk",
    "CannotAssign",
    "CannotChangePriority",
    "CannotClose",
    "CannotCorrectCategory",
    "CannotReopen",
    "CannotReply",
    "CannotResolve",
    "CannotStart",
    "CannotWait",
    "Spoken",
    "StaleEdit",
    "UnsaidLanguage",
    "accept",
    "add_note",
    "ask",
    "assign",
    "change_priority",
    "close",
    "correct_category",
    "may_be_reopened",
    "reopen",
    "reply",
    "resolve",
    "start",
    "wait",
]
