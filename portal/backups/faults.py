"""What keeps a backup from being made or used; each message is one line for the operator."""


class BackupFault(Exception):
    """Nothing was written, or what was begun is gone again."""
