"""Faults of the machine end in one line that says what to do."""

import errno
import os
from pathlib import Path

import pytest

from portal.servers.attach import attach
from portal.servers.faults import ServerFault, disk_fault
from portal.servers.layout import Layout
from portal.servers.locks import Lock
from portal.servers.supervisor import prepare_folders, prepare_sockets


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "this user may not write here"),
        (errno.ENAMETOOLONG, "the path is too deep"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_fault_names_place_and_remedy(number: int, words: str) -> None:
    told = str(disk_fault(Path("/data/var"), OSError(number, os.strerror(number))))

    assert told.startswith("/data/var: ")
    assert words in told
    assert "\n" not in told


def test_a_nearly_full_disk_is_refused_before_anything_starts(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.servers.supervisor.LEAST_FREE", 1 << 60)

    with pytest.raises(ServerFault, match="the disk is nearly full"):
        prepare_folders(layout)


def test_a_path_beyond_what_postgresql_takes_is_refused(tmp_path: Path) -> None:
    var = tmp_path.joinpath(*["x" * 100] * 10)

    with pytest.raises(ServerFault, match="the path is too deep"):
        prepare_folders(Layout(var=var, keys=var / "keys"))


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")

    with pytest.raises(ServerFault, match="var"):
        attach(Layout(var=tmp_path / "var", keys=tmp_path / "var" / "keys"), hasty=True)


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sockets"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def test_a_folder_for_sockets_that_others_can_write_is_refused(open_folder: Path) -> None:
    with pytest.raises(ServerFault, match="belongs to someone else"):
        prepare_sockets(open_folder)


def test_a_link_in_place_of_the_folder_for_sockets_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "sockets").symlink_to(tmp_path / "real")

    with pytest.raises(ServerFault, match="belongs to someone else"):
        prepare_sockets(tmp_path / "sockets")


def test_a_lock_is_shared_by_users_and_had_alone_by_one(tmp_path: Path) -> None:
    path = tmp_path / "users"
    with Lock(path).shared(), Lock(path).shared(), Lock(path) as other:
        assert not other.try_exclusive()
    with Lock(path) as other:
        assert other.try_exclusive()
