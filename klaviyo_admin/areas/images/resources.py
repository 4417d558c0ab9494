"""Images, declared: the pictures that messages show."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Source
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.images import forms, service
from klaviyo_admin.areas.images.columns import COLUMNS
from klaviyo_admin.areas.words import name

_FORMATS = (("png", "PNG"), ("jpeg", "JPEG"), ("gif", "GIF"))

IMAGES = Resource(
    key="images",
    one="image",
    many="images",
    type="image",
    source=Source("get_images", "get_image", sort="-updated_at", size=20),
    name=name,
    columns=COLUMNS,
    filters=(
        Filter("name", "Name contains", "get_images", "name", "contains", guess=lambda word: True),
        Filter("hidden", "Hidden from the library", "get_images", "hidden", kind="flag"),
        Filter("format", "Format", "get_images", "format", kind="choice", choices=_FORMATS),
        Filter("updated_after", "Updated after", "get_images", "updated_at", "greater-than", "moment"),
        Filter("updated_before", "Updated before", "get_images", "updated_at", "less-than", "moment"),
        Filter("id", "ID is", "get_images", "id"),
    ),
    actions=(
        Action(
            "edit",
            "Rename or hide",
            forms.EditImage,
            service.edit,
            ("update_image",),
            start=service.start_edit,
            hint="Messages that show it go on showing it.",
        ),
        Action("hide", "Hide", NoQuestions, service.hide, ("update_image",), on="many"),
        Action("show", "Show again", NoQuestions, service.show, ("update_image",), on="many"),
        Action(
            "upload", "Upload images", forms.ImagesFromFiles, service.from_files, ("upload_image_from_file",), on="new"
        ),
        Action(
            "import", "Add from an address", forms.ImageFromUrl, service.from_url, ("upload_image_from_url",), on="new"
        ),
    ),
)
