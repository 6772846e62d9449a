"""Files in a form: only on pages that ask for photos, never more than they ask for.

Every other page drops a file unread. What is kept lies in a file without a name, which is gone with
the process, so no crash leaves an upload behind; and what is beyond a limit is not kept while it
still comes in. The typed text of the form arrives whatever happens to its files.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from engagement.doors.pictures.decoding import UPLOAD_BYTES

if TYPE_CHECKING:
    AnyFile = UploadedFile[Any]
else:
    AnyFile = UploadedFile

FIELD = "photos"
MOST_PHOTOS = 6
# Six photos and the words around them. A longer body is still read for its words, up to twice this.
BODY_BYTES = MOST_PHOTOS * UPLOAD_BYTES + (1 << 20)
NAME_LIMIT = 80

View = TypeVar("View", bound=Callable[..., Any])


def takes_photos(view: View) -> View:
    """Let the forms of this view send up to six photos in a field named "photos"."""
    view.takes_photos = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True)
class Upload:
    """One file as it came. `name` is its sender's own, for telling them and nothing else.

    `file` is None where it was not kept: `is_too_large`, or one more than are taken.
    """

    name: str
    file: IO[bytes] | None
    is_too_large: bool = False


class Photo(AnyFile):
    """What Django's parser hands on; `upload` is what pages use."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(file=upload.file, name=upload.name)
        self.upload = upload

    def close(self) -> None:
        if self.upload.file is not None:
            self.upload.file.close()


class PhotoUploads(FileUploadHandler):
    """Keeps photos where the view takes them and drops everything else."""

    kept: IO[bytes] | None = None
    size = 0
    count = 0
    is_over = False
    is_hopeless = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.is_over = content_length > BODY_BYTES
        self.is_hopeless = content_length > 2 * BODY_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_hopeless:
            # The words stand before the files in our forms, so they were read.
            raise StopUpload(connection_reset=True)
        if not _takes_photos(self.request) or self.field_name != FIELD:
            raise SkipFile
        self.count += 1
        self.size = 0
        is_wanted = self.count <= MOST_PHOTOS and not self.is_over
        self.kept = tempfile.TemporaryFile() if is_wanted else None  # noqa: SIM115 lives longer

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        if self.kept is None:
            return
        if self.size > UPLOAD_BYTES:
            self.kept.close()
            self.kept = None
        else:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> Photo:
        kept, self.kept = self.kept, None
        is_too_large = self.size > UPLOAD_BYTES or self.is_over
        name = (self.file_name or "")[:NAME_LIMIT]
        return Photo(Upload(name, kept, is_too_large))

    def upload_interrupted(self) -> None:
        if self.kept is not None:
            self.kept.close()
            self.kept = None


def uploads_of(request: HttpRequest) -> list[Upload]:
    """The files that came with this form, in their order; those that were not kept as well."""
    return [photo.upload for photo in request.FILES.getlist(FIELD) if isinstance(photo, Photo)]


def _takes_photos(request: HttpRequest | None) -> bool:
    match = request.resolver_match if request is not None else None
    return bool(match and getattr(match.func, "takes_photos", False))
