"""Feed a dump to an empty database, whole or not at all.

`pg_restore` writes the SQL and `psql` runs it in one transaction. `pg_restore` alone would do for a
server of its own version; since 17 it begins with a setting that older servers refuse.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, BinaryIO

from portal.backups.archive import PIECE
from portal.backups.faults import BackupFault
from portal.backups.programs import address

UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
OPENING_LINES = 40


@contextmanager
def filling(tool: Path) -> Iterator[IO[bytes]]:
    """What is written here is restored by `tool`, pg_restore, at the end of the block.

    Nothing is committed when the block raises. Raises BackupFault.
    """
    psql = tool.with_name("psql")
    if not os.access(psql, os.X_OK):
        raise BackupFault(f"{psql} is missing: install all of PostgreSQL's client programs.")
    with tempfile.TemporaryFile() as told:
        reader, runner = _reader(tool, told), _runner(psql, told)
        assert reader.stdin
        assert runner.stdin
        pump = Thread(target=_pump, args=(reader, runner), daemon=True)
        pump.start()
        is_whole = False
        try:
            with suppress(BrokenPipeError):  # a program that left says below why
                yield reader.stdin
                reader.stdin.close()
                is_whole = True
        finally:
            with suppress(BrokenPipeError):
                reader.stdin.close()
            is_whole = reader.wait() == 0 and is_whole
            pump.join()
            if not is_whole:
                runner.kill()  # the end of its input would make it commit what it has
            with suppress(BrokenPipeError):
                runner.stdin.close()
            is_whole = runner.wait() == 0 and is_whole
        if not is_whole:
            raise BackupFault(_reason(told))


def _reader(tool: Path, told: BinaryIO) -> "subprocess.Popen[bytes]":
    command = [str(tool), "--exit-on-error", "--no-owner", "--no-acl", "--no-comments", "--file=-"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told)


def _runner(psql: Path, told: BinaryIO) -> "subprocess.Popen[bytes]":
    place, environment = address()
    command = [str(psql), "--no-psqlrc", "--quiet", "--single-transaction", "--no-password"]
    # The code of an error alone: its words repeat rows.
    command += ["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate", f"--dbname={place}"]
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=told,
    )


def _pump(reader: "subprocess.Popen[bytes]", runner: "subprocess.Popen[bytes]") -> None:
    """Carry the SQL over; closing our end tells the reader that nobody listens any more."""
    assert reader.stdout
    assert runner.stdin
    with suppress(BrokenPipeError), reader.stdout:
        for _ in range(OPENING_LINES):
            line = reader.stdout.readline()
            runner.stdin.write(b"" if line == UNKNOWN_BEFORE_17 else line)
        while piece := reader.stdout.read(PIECE):
            runner.stdin.write(piece)
        runner.stdin.flush()


def _reason(told: BinaryIO) -> str:
    told.seek(0)
    lines = told.read().decode(errors="replace").splitlines()
    codes = [line.rpartition("ERROR:")[2].strip() for line in lines if "ERROR:" in line]
    code = f" (error {codes[0][:5]})" if codes else ""
    return f"the database could not be filled{code}; it is empty again."
