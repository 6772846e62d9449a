"""Everything held about reports as one archive to keep: the words, and the photos beside them.

It is made while it is sent. At no moment is more than one photo in memory, and nothing of it is
written to a disk. A slow line holds one of the few threads of a web server for as long as it takes,
so what one answer holds is bounded; whoever has more takes it in parts.
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from concerns.actions.export_beside import numbered_photos
from concerns.actions.exporting import Held
from concerns.models import Concern
from engagement.doors.pictures import store
from engagement.doors.pictures.store import PictureIsGone

FILE_NAME = "reports.zip"
WORDS_NAME = "reports.json"
UNREAD_NAME = "not-included.txt"
# About fifty photos as phones take them, made smaller as we store them.
PART_BYTES = 48 << 20


@dataclass(frozen=True)
class File:
    """One photo: its name in the store, its path in the archive, and about how many bytes."""

    name: str
    agency_id: int
    path: str
    size: int


def files_of(concerns: Sequence[Concern]) -> list[File]:
    """The photos of these reports and of their messages, report by report."""
    return [
        File(photo.name, photo.agency_id, photo.path_in_export, store.size(photo.name))  # type: ignore[attr-defined]
        for concern in concerns
        for photo in numbered_photos(concern)
    ]


def in_parts(files: Sequence[File]) -> list[list[File]]:
    """The files in their order, as many in each part as the budget of one answer allows."""
    parts: list[list[File]] = []
    room = 0
    for file in files:
        if not parts or file.size > room:
            parts.append([])
            room = PART_BYTES
        parts[-1].append(file)
        room -= file.size
    return parts


def archive_answer(held: Sequence[Held], files: Sequence[File]) -> StreamingHttpResponse:
    """The words whole, and these photos, as a download."""
    words = json.dumps([one.as_json() for one in held], ensure_ascii=False, indent=2)
    # In the reader's language, which is over when the archive is made.
    missing = _("These photos are held, but could not be read just now:")
    answer = StreamingHttpResponse(_pieces(words, files, missing), content_type="application/zip")
    # The name in a folder of downloads says nothing of the code.
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _pieces(words: str, files: Sequence[File], missing: str) -> Iterator[bytes]:
    line = _Line()
    unread: list[str] = []
    with zipfile.ZipFile(cast("zipfile._ZipWritable", line), "w") as archive:
        archive.writestr(_entry(WORDS_NAME), words)
        yield line.taken()
        for file in files:
            try:
                picture = store.read(file.name, agency_id=file.agency_id)
            except PictureIsGone:
                unread.append(file.path)
                continue
            archive.writestr(_entry(file.path), picture)
            yield line.taken()
        if unread:
            archive.writestr(_entry(UNREAD_NAME), "\n".join([missing, *unread, ""]))
    yield line.taken()


def _entry(path: str) -> zipfile.ZipInfo:
    """Of no day: the days that may be told stand in the words."""
    entry = zipfile.ZipInfo(path)
    entry.external_attr = 0o600 << 16
    return entry


class _Line:
    """Takes what the archive writes, until it is sent on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        return None

    def taken(self) -> bytes:
        """All that was written since the last time."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole
