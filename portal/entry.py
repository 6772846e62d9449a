"""How a command starts: settings are read, and a fault of the operator ends in one line."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from portal.environment import ImproperlySet

FAULT = 2


def main(arguments: Sequence[str]) -> int:
    """Run one management command; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        execute_from_command_line(list(arguments))
    except ImproperlySet as fault:
        print(fault, file=sys.stderr)
        return FAULT
    return 0
