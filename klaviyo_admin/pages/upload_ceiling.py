"""Keeps a file beyond the size limit from filling the disk on its way in: it is read off the line and forgotten."""

from typing import Any

from django import forms
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from klaviyo_admin.areas.sheets.likeness import CEILING

ENVELOPE = 64 * 1024  # bytes of a form around the file
DROPPED = (
    f"What was sent has more than {CEILING // 1024 // 1024} MB in all, so none of its files came through. "
    "Choose smaller files, or fewer at once."
)


def say_what_was_dropped(request: HttpRequest, form: forms.Form) -> None:
    """Tells whoever sent more than the limit why the form has no file; "this field is required" would mislead them."""
    if not form.is_bound or int(request.headers.get("Content-Length") or 0) <= CEILING + ENVELOPE:
        return
    form.full_clean()
    for name in [name for name, field in form.fields.items() if isinstance(field, forms.FileField)]:
        form.errors.pop(name, None)
    form.add_error(None, DROPPED)


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
