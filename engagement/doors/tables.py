"""A table in a form, such as a CSV file: only on pages that ask for one, and only its beginning.

It is kept in memory while the page is answered and stored nowhere. The typed text of the form
arrives whatever happens to the file.
"""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopFutureHandlers,
    StopUpload,
)
from django.http import HttpRequest

if TYPE_CHECKING:
    AnyFile = UploadedFile[Any]
else:
    AnyFile = UploadedFile

FIELD = "table"
KEPT_BYTES = 512 * 1024
# A nightly file may be chosen as it is: what follows the beginning is read and let go.
BODY_BYTES = 64 * 1024 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def takes_table(view: View) -> View:
    """Let the forms of this view send one file in a field named "table"."""
    view.takes_table = True  # type: ignore[attr-defined]
    return view


class Table(AnyFile):
    """The beginning of a file, up to its last whole line where it `is_cut`."""

    def __init__(self, content: bytes, *, is_cut: bool) -> None:
        super().__init__(file=BytesIO(content), name="table")
        self.content = content
        self.is_cut = is_cut


class TableUploads(FileUploadHandler):
    """Stands before the handler of photos, which drops every file that it does not know."""

    is_mine = False
    is_over = False
    count = 0
    size = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.is_over = content_length > BODY_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.is_mine = _takes_table(self.request) and self.field_name == FIELD
        if not self.is_mine:
            return
        if self.is_over:
            # The words stand before the file in our forms, so they were read.
            raise StopUpload(connection_reset=True)
        self.count += 1
        if self.count > 1:
            raise SkipFile
        self.size, self.kept = 0, bytearray()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.is_mine:
            return raw_data
        self.size += len(raw_data)
        self.kept += raw_data[: max(0, KEPT_BYTES - len(self.kept))]
        return None

    def file_complete(self, file_size: int) -> Table | None:
        if not self.is_mine:
            return None
        is_cut = self.size > len(self.kept)
        content = bytes(self.kept)
        return Table(content[: content.rfind(b"\n") + 1] if is_cut else content, is_cut=is_cut)


def table_of(request: HttpRequest) -> Table | None:
    """The file that came with this form, if one did."""
    found = request.FILES.get(FIELD)
    return found if isinstance(found, Table) else None


def _takes_table(request: HttpRequest | None) -> bool:
    match = request.resolver_match if request is not None else None
    return bool(match and getattr(match.func, "takes_table", False))
