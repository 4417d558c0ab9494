"""Keeps a file beyond the size limit from filling the disk on its way in: it is read off the line and forgotten."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from klaviyo_admin.areas.sheets.likeness import CEILING

ENVELOPE = 64 * 1024  # bytes of a form around the file


class Ceiling(FileUploadHandler):
    """Stands first among the upload handlers. The request comes through without its file."""

    too_large = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_: Any, **__: Any) -> None:
        self.too_large = content_length > CEILING + ENVELOPE

    def new_file(self, *args: Any, **options: Any) -> None:
        if self.too_large:
            raise SkipFile
        super().new_file(*args, **options)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
