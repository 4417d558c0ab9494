"""Answers to the forms of images."""

from base64 import b64decode

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


class OnDisk:
    """A file that can be chosen again and again."""

    name = "autumn leaf.gif"
    content_type = "image/gif"

    def read(self) -> bytes:
        return PIXEL


ANSWERS = {
    ("images", "edit"): {"name": "Leaf"},
    ("images", "upload"): {"pictures": [OnDisk(), OnDisk()]},
    ("images", "import"): {"import_from_url": "https://pictures.example.com/leaf.png"},
}
