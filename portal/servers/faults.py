"""What can go wrong on the operator's machine, each in one line that says what to do."""

import errno
from pathlib import Path


class ServerFault(Exception):
    """A server cannot run; the message is one line for the operator."""


def disk_fault(path: Path, error: OSError) -> ServerFault:
    """The line for a file operation on `path` that failed."""
    advice = {
        errno.ENOSPC: "the disk is full; make room or set PORTAL_VAR to a folder on another disk.",
        errno.EDQUOT: "your disk quota is used up; make room or set PORTAL_VAR elsewhere.",
        errno.EROFS: "the disk is read-only; set PORTAL_VAR to a folder that can be written.",
        errno.EACCES: "this user may not write here; change its owner or set PORTAL_VAR elsewhere.",
        errno.EPERM: "this user may not write here; change its owner or set PORTAL_VAR elsewhere.",
        errno.ENAMETOOLONG: "the path is too deep; set PORTAL_VAR to a shorter one.",
    }.get(error.errno or 0, f"{error.strerror}.")
    return ServerFault(f"{path}: {advice}")
