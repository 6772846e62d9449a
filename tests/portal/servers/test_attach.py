"""Users of the embedded servers share them, and outlive each other."""

import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis

from portal.environment import ROOT
from portal.servers.attach import attach, is_ready, is_supervised
from portal.servers.faults import ServerFault
from portal.servers.layout import USER, Layout
from tests.portal.servers.conftest import kill, stop_now, until


def connect(layout: Layout) -> "psycopg2.extensions.connection":
    return psycopg2.connect(
        host=str(layout.sockets), user=USER, password=layout.password("postgres"), dbname="portal"
    )


def rows(layout: Layout, statement: str) -> list[tuple[object, ...]]:
    connection = connect(layout)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def queue(layout: Layout) -> "redis.Redis":
    return redis.Redis(unix_socket_path=str(layout.queue_socket), password=layout.password("queue"))


def supervisor_pid(layout: Layout) -> int:
    return int(layout.ready_mark.read_text())


def postmaster_pid(layout: Layout) -> int:
    return int((layout.postgres / "postmaster.pid").read_text().split()[0])


def test_the_servers_start_with_the_first_user_and_stop_after_the_last(layout: Layout) -> None:
    first = attach(layout, hasty=True)
    second = attach(layout, hasty=True)
    assert rows(layout, "SELECT 1") == [(1,)]

    first.release()
    assert is_ready(layout)
    second.release()

    until(lambda: not is_supervised(layout))
    assert not (layout.postgres / "postmaster.pid").exists()
    assert not layout.queue_socket.exists()


def test_two_that_come_at_once_share_one_set(layout: Layout) -> None:
    script = (
        "import sys; from pathlib import Path; from portal.servers.layout import Layout;"
        "from portal.servers.attach import attach; var = Path(sys.argv[1]);"
        "layout = Layout(var=var, keys=var / 'keys'); hold = attach(layout, hasty=True);"
        "print(layout.ready_mark.read_text(), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(layout.var)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": ROOT}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]

    told = {process.stdout.readline() for process in both}
    for process in both:
        process.communicate(b"")

    assert len(told) == 1
    assert told != {b""}


@pytest.mark.chaos
def test_everything_killed_at_once_comes_back_with_the_data(layout: Layout) -> None:
    hold = attach(layout, hasty=False)
    rows(layout, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")
    queue(layout).rpush("list", "still here")
    queue(layout).waitaof(1, 0, 2000)

    for pid in (supervisor_pid(layout), postmaster_pid(layout)):
        kill(pid)
    until(lambda: not is_supervised(layout))
    again = attach(layout, hasty=False)

    assert rows(layout, "SELECT word FROM kept") == [("still here",)]
    assert queue(layout).lrange("list", 0, -1) == [b"still here"]
    hold.release()
    again.release()


@pytest.mark.chaos
def test_a_server_that_dies_alone_is_started_again(layout: Layout) -> None:
    hold = attach(layout, hasty=True)
    before = postmaster_pid(layout)

    kill(before)

    def is_back() -> bool:
        try:
            return postmaster_pid(layout) != before and rows(layout, "SELECT 1") == [(1,)]
        except (OSError, IndexError, psycopg2.OperationalError):
            return False

    until(is_back)
    hold.release()


@pytest.mark.chaos
def test_a_pid_file_that_names_some_other_process_is_no_hindrance(layout: Layout) -> None:
    attach(layout, hasty=True).release()
    stop_now(layout)
    other = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=-1)
    (layout.postgres / "postmaster.pid").write_text(f"{other.pid}\n{layout.postgres}\n")

    with attach(layout, hasty=True):
        assert rows(layout, "SELECT 1") == [(1,)]

    assert other.poll() is None
    other.communicate(b"")


@pytest.mark.privacy
def test_nobody_gets_in_without_the_password(layout: Layout) -> None:
    with attach(layout, hasty=True):
        with pytest.raises(psycopg2.OperationalError, match="authentication failed"):
            psycopg2.connect(host=str(layout.sockets), user=USER, password="guess", dbname="portal")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=str(layout.queue_socket)).ping()


@pytest.mark.privacy
def test_no_server_listens_on_the_network(layout: Layout) -> None:
    with attach(layout, hasty=True):
        assert rows(layout, "SHOW listen_addresses") == [("",)]
        assert queue(layout).config_get("port") == {"port": "0"}


@pytest.mark.privacy
def test_the_cache_leaves_nothing_on_disk_and_the_logs_repeat_nobody(layout: Layout) -> None:
    canary = "canary-of-a-reporter"
    with attach(layout, hasty=True):
        cache = redis.Redis(
            unix_socket_path=str(layout.cache_socket), password=layout.password("cache")
        )
        cache.set("throttle", canary)
        for statement in (
            f"SELECT '{canary}'::integer",
            f"CREATE TABLE once (word text UNIQUE); INSERT INTO once VALUES ('{canary}')",
            f"INSERT INTO once VALUES ('{canary}')",
            f"SELECT nothing FROM nowhere WHERE word = '{canary}'",
        ):
            try:
                rows(layout, statement)
            except psycopg2.Error:
                continue
    stop_now(layout)

    files = [path for path in (layout.logs, layout.broker, layout.run) for path in path.rglob("*")]
    assert files
    for path in files:
        assert not path.is_file() or canary.encode() not in path.read_bytes()


def test_a_path_too_deep_for_sockets_uses_a_short_folder(tmp_path: Path) -> None:
    var = tmp_path / ("deep" * 20) / "var"
    layout = Layout(var=var, keys=var / "keys")
    with attach(layout, hasty=True):
        assert rows(layout, "SELECT 1") == [(1,)]
        assert len(str(layout.sockets)) < 80
        assert layout.sockets.stat().st_mode & 0o077 == 0
    stop_now(layout)


def test_another_major_version_is_refused_in_one_line(layout: Layout) -> None:
    attach(layout, hasty=True).release()
    stop_now(layout)
    (layout.postgres / "PG_VERSION").write_text("12\n")

    with pytest.raises(ServerFault, match=r"made by PostgreSQL 12 .* set PORTAL_PG_BIN") as told:
        attach(layout, hasty=True)

    assert "\n" not in str(told.value)


def test_a_password_that_does_not_fit_the_data_is_told(layout: Layout) -> None:
    attach(layout, hasty=True).release()
    stop_now(layout)
    (layout.keys / "postgres.password").unlink()

    with pytest.raises(ServerFault, match=r"postgres\.password does not fit"):
        attach(layout, hasty=True)


def test_missing_programs_are_told(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PG_BIN", "/nowhere/bin")

    with pytest.raises(ServerFault, match=r"/nowhere/bin/postgres is missing: run `make install`"):
        attach(layout, hasty=True)
