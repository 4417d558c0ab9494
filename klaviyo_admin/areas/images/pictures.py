"""Knows which files Klaviyo takes as pictures, and the form field that takes several of them."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LARGEST = 5_000_000  # bytes of one picture
MOST = 20  # pictures of one change
_SIGNS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


@dataclass(frozen=True, slots=True)
class Picture:
    """One file as it was chosen: what it is called on the person's disk, what it holds, and its media type."""

    file: str
    content: bytes
    media: str

    @property
    def stem(self) -> str:
        """The file's name without its ending: what Klaviyo would call the picture."""
        return PurePath(self.file.replace("\\", "/")).stem or "picture"


class _Files(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures; it cleans to a tuple of Picture. Each fault names the file and says what to do."""

    widget = _Files(attrs={"accept": "image/jpeg,image/png,image/gif"})

    def clean(self, data: Any, initial: Any = None) -> tuple[Picture, ...]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(files) > MOST:
            raise ValidationError(f"{len(files)} files are chosen, but at most {MOST} go into one change.")
        found, errors = [], []
        for file in files:
            try:
                found.append(read(str(file.name), file.read()))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return tuple(found)


def read(name: str, content: bytes) -> Picture:
    """The picture in a file. Raises ValidationError."""
    media = next((media for sign, media in _SIGNS if content.startswith(sign)), "")
    if not content:
        raise ValidationError(f"“{name}” is empty. Choose another file.")
    if not media:
        raise ValidationError(f"“{name}” is no JPEG, PNG or GIF. Save it as one of these and choose it again.")
    if len(content) > LARGEST:
        size = len(content) / 1_000_000
        raise ValidationError(f"“{name}” has {size:.1f} MB, but Klaviyo takes at most 5 MB. Make it smaller first.")
    return Picture(name, content, media)
