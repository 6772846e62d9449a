"""Where pictures lie: sealed files under random names, in a folder that no web server serves.

A file is written beside, brought to the disk and renamed, before the row that names it commits; a
crash between the two leaves a file without a row, which a sweep deletes. Names say the day, which
the row says too, so that a sweep need not walk through years; nothing else of the report.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage

from engagement.keys.file_sealing import CannotUnsealFile, seal_file, unseal_file
from engagement.keys.moments import floor_to_hour

NAME = re.compile(r"\d{4}-\d{2}-\d{2}/[0-9a-f]{32}")
NAME_LENGTH = 43
# A file younger than this may belong to a report that is being stored at this moment.
SETTLED = timedelta(hours=1)


class PictureIsGone(Exception):
    """There is no such file, or it cannot be read with our keys."""


def write(jpeg: bytes, *, agency_id: int, now: datetime) -> str:
    """Keep a picture and return its name; it is on the disk when this returns."""
    hour = floor_to_hour(now)
    name = f"{hour.date().isoformat()}/{secrets.token_hex(16)}"
    path = folder() / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = drafts() / secrets.token_hex(16)
    draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _write_down(draft, seal_file(jpeg, agency_id=agency_id, name=name), hour)
        os.rename(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    # A folder's own time would else be that of the newest picture, to the second.
    for place in (path.parent, folder(), drafts()):
        _set_time(place, hour)
    _bring_to_disk(path.parent)
    return name


def read(name: str, *, agency_id: int) -> bytes:
    """The JPEG of that name. Raises PictureIsGone."""
    try:
        sealed = _read_unnoticed(_path(name))
        return unseal_file(sealed, agency_id=agency_id, name=name)
    except (OSError, CannotUnsealFile):
        raise PictureIsGone(name) from None


def exists(name: str) -> bool:
    return _path(name).is_file()


def size(name: str) -> int:
    """Bytes of the sealed file on the disk, a few more than the picture has; 0 for one that is
    gone."""
    try:
        return _path(name).stat().st_size
    except OSError:
        return 0


def delete(name: str) -> None:
    """Delete the file, if it is there; its folder goes with the last file."""
    path = _path(name)
    path.unlink(missing_ok=True)
    with suppress(OSError):
        _set_time(path.parent, datetime.fromisoformat(path.parent.name).replace(tzinfo=UTC))
        path.parent.rmdir()


def settled_names(*, since: date, now: datetime) -> Iterator[list[str]]:
    """Names of the files of each day from `since` on that are older than an hour."""
    for day in sorted(folder().glob("????-??-??")):
        if day.name < since.isoformat():
            continue
        found = [f"{day.name}/{path.name}" for path in day.iterdir() if _is_settled(path, now)]
        if found:
            yield found


def delete_drafts(*, now: datetime) -> int:
    """Delete what a crash left half written; returns how many."""
    left = [path for path in drafts().glob("*") if _is_settled(path, now)]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def blur(names: Iterable[str], *, now: datetime) -> int:
    """Let settled files of these names begin anew, in random order; returns how many did.

    A file's times of change and birth cannot be set, and say the second in which a photo came. The
    copy's say only when it was copied, with all others of that hour. Tomorrow's folder is made now
    for the same reason: the first photo of a day would else mark its moment.
    """
    days = [(now + timedelta(days=ahead)).date().isoformat() for ahead in (0, 1)]
    for place in (drafts(), *(folder() / day for day in days)):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    ripe = [name for name in names if _tells_its_moment(_path(name))]
    secrets.SystemRandom().shuffle(ripe)
    for name in ripe:
        path, draft = _path(name), drafts() / secrets.token_hex(16)
        try:
            hour = floor_to_hour(datetime.fromtimestamp(path.stat().st_mtime, UTC))
            _write_down(draft, _read_unnoticed(path), hour)
            os.rename(draft, path)
        except FileNotFoundError:
            # Deleted meanwhile, as it should be.
            draft.unlink(missing_ok=True)
    for place in (*folder().glob("????-??-??"), folder(), drafts()):
        _set_time(place, floor_to_hour(now))
    return len(ripe)


def folder() -> Path:
    """Beside the database and inside every backup."""
    return Path(default_storage.location) / "photos"  # type: ignore[attr-defined]


def drafts() -> Path:
    """On the same disk, outside every backup."""
    media = Path(default_storage.location)  # type: ignore[attr-defined]
    return media.with_name(f"{media.name}.drafts")


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise PictureIsGone(name)
    return folder() / name


def _write_down(path: Path, content: bytes, hour: datetime) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        # Coarse for everyone: only some reports are anonymous, and the others would bracket them.
        _set_time(path, hour)
        os.fsync(file.fileno())


def _set_time(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_unnoticed(path: Path) -> bytes:
    """The file would else keep the moment of its first reader, who may be its reporter."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOATIME", 0))
    except PermissionError:
        # Only a file's owner may ask for it; files of a restored backup may have another.
        descriptor = os.open(path, os.O_RDONLY)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _tells_its_moment(path: Path) -> bool:
    try:
        stamp = path.stat()
    except FileNotFoundError:
        return False
    return stamp.st_ctime < stamp.st_mtime + SETTLED.total_seconds()


def _is_settled(path: Path, now: datetime) -> bool:
    """By the change of the file's entry, which nobody can set back."""
    try:
        changed = datetime.fromtimestamp(path.stat().st_ctime, UTC)
    except FileNotFoundError:
        return False
    return changed < now - SETTLED
