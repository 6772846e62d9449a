"""What tasks leave for probes and figures: when each last ended well, and failures."""

import time
from typing import Any

from celery import Task

from portal.figures import add, note


class CountedTask(Task):  # type: ignore[type-arg]  # generic for its types alone
    """Base of every task. How often one ran is not kept: the bell rings when something happened."""

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        note(f"task_done|{self.name}", time.time())

    def on_failure(self, exc: Any, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        add({f"task_failed|{self.name}": 1})
