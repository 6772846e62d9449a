"""What a decoder could still do after a picture took it over: nothing."""

import json
import os
import subprocess
import sys

import pytest

from engagement.doors.pictures import decoding

TAKEN_OVER = """
import argparse, importlib.util, json, os, socket, ctypes
spec = importlib.util.spec_from_file_location("child", {child!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
asked = argparse.Namespace(seconds=10, memory=512 << 20)
open_before = os.listdir("/proc/self/fd")
held = child._confine(asked)
libc = ctypes.CDLL(None, use_errno=True)

def refused(act):
    try:
        result = act()
    except OSError:
        return True
    return result == -1

os.close(2)  # whoever frees a descriptor could open another
found = {{
    "held": held,
    "environment": dict(os.environ),
    "descriptors": len(open_before),
    "internet": refused(lambda: socket.socket(socket.AF_INET)),
    "database": refused(lambda: socket.socket(socket.AF_UNIX)),
    "read": refused(lambda: open("/etc/hostname")),
    "write": refused(lambda: open("/tmp/left-by-a-decoder", "w")),
    "process": refused(os.fork),
    "program": refused(lambda: os.execv("/bin/true", ["true"])),
    "kill": refused(lambda: os.kill({parent}, 0)),
    "list": refused(lambda: os.listdir("/")),
    "trace": refused(lambda: libc.ptrace(16, {parent}, 0, 0)),
    "limits": refused(lambda: libc.prlimit(0, 7, None, None)),
}}
os.write(1, json.dumps(found).encode())
os._exit(0)
"""


@pytest.mark.privacy
def test_a_decoder_reaches_no_network_database_file_or_process() -> None:
    code = TAKEN_OVER.format(child=decoding.CHILD, parent=os.getpid())
    secret_file = os.open("/etc/hostname", os.O_RDONLY)
    os.set_inheritable(secret_file, False)
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
        env={},
        timeout=60,
    )
    os.close(secret_file)
    found = json.loads(done.stdout)
    # Its own three, and the one that listed them; LC_CTYPE is set by the interpreter itself.
    assert found.pop("descriptors") == 4
    assert set(found.pop("environment")) <= {"LC_CTYPE"}
    assert all(found.values()), found


@pytest.mark.privacy
def test_the_child_is_started_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    class Stop(Exception):
        pass

    def remember(command: list[str], **options: object) -> None:
        seen.update(options, command=command)
        raise Stop

    monkeypatch.setenv("DATABASE_URL", "postgres://canary@nowhere/db")
    monkeypatch.setattr(subprocess, "Popen", remember)
    with pytest.raises(Stop), open(__file__, "rb+") as file:
        decoding.decode(file)
    assert seen["env"] == {}
    assert seen["start_new_session"] is True
    assert seen["command"][:3] == [sys.executable, "-I", "-B"]  # type: ignore[index]
    assert "close_fds" not in seen
    assert "pass_fds" not in seen
