"""Locks by `flock`: the kernel drops them with the process, however it ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from portal.servers.faults import disk_fault


class Lock:
    """One hold on a lock file, from `shared`, `exclusive` or `try_exclusive` to `release`.

    The holder of an inherited descriptor holds it too, so pass it to a child that must keep it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise disk_fault(path, error) from None

    def shared(self) -> Self:
        """Wait until no one holds it exclusively."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)
        return self

    def exclusive(self) -> Self:
        """Wait until no one else holds it."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        return self

    def try_exclusive(self) -> bool:
        """Take it if no one else holds it; says whether it did."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def let_go(self) -> None:
        """Give the lock up and keep the file open for another try."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def release(self) -> None:
        """Close this process's hold; children that inherited it keep theirs."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
