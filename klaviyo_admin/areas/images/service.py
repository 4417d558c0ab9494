"""The pure builders of changes to images."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Build, Noun
from klaviyo_admin.areas.images.pictures import Picture
from klaviyo_admin.areas.words import counted, listed, name, plain
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.multipart import form
from klaviyo_admin.klaviyo.values import Item

LABELS = {"name": "Name", "hidden": "Hidden from the library"}
IMAGE = Noun("image", "images", "image", "get_image", name, LABELS)

start_edit = building.starting(IMAGE)


def edit(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with the name and the visibility: Klaviyo empties whichever of them is left out."""
    (item,) = items
    request = building.patched("update_image", IMAGE, item, IMAGE.changes(answers, item))
    moved = [field.label for field in request.fields if field.before != field.after]
    if not moved:
        raise ValidationError("Nothing was changed: the form holds what Klaviyo already has.", code="unchanged")
    sentence = f"Change {listed(moved)} of the image “{{target}}”."
    if moved == ["Name"]:
        sentence = f"Rename the image “{{target}}” to “{plain(answers['name'])}”."
    return Intent("images.edit", sentence, (request,), IMAGE.target(item))


def _turning(action: str, verb: str, hidden: bool) -> Build:
    def build(items: Sequence[Item], answers: Answers) -> Intent:
        requests = tuple(
            building.patched(
                "update_image", IMAGE, item, IMAGE.changes({"name": item.get("name"), "hidden": hidden}, item)
            )
            for item in items
        )
        where = "from the library" if hidden else "in the library again"
        if len(items) == 1:
            return Intent(action, f"{verb} the image “{{target}}” {where}.", requests, IMAGE.target(items[0]))
        named = listed([name(item) for item in items], of="images")
        also = f": {named}" if len(items) <= 4 else ""
        return Intent(action, f"{verb} {counted(len(items), 'image')} {where}{also}.", requests)

    return build


hide = _turning("images.hide", "Hide", hidden=True)
show = _turning("images.show", "Show", hidden=False)


def from_url(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST with the address that Klaviyo fetches the image from."""
    address = answers["import_from_url"]
    fields = [FieldChange(("import_from_url",), "From", None, address)]
    fields += [FieldChange(("name",), "Name", None, answers["name"])] if answers["name"] else []
    fields += [FieldChange(("hidden",), LABELS["hidden"], None, answers["hidden"])]
    target = IMAGE.new(answers["name"] or address.rstrip("/").rpartition("/")[2] or address)
    request = building.posted("upload_image_from_url", target, fields)
    return Intent("images.upload", f"Add the image “{{target}}” from {plain(address)}.", (request,), target)


def from_files(items: Sequence[Item], answers: Answers) -> Intent:
    """One upload for each of the files, in their order."""
    pictures: Sequence[Picture] = answers["pictures"]
    requests = tuple(_uploaded(picture, answers["hidden"]) for picture in pictures)
    named = listed([picture.stem for picture in pictures], of="files")
    if len(pictures) == 1:
        return Intent("images.upload", "Add the image “{target}” from a file.", requests, requests[0].target)
    also = f": {named}" if len(pictures) <= 4 else ""
    return Intent("images.upload", f"Add {counted(len(pictures), 'image')} from files{also}.", requests)


def _uploaded(picture: Picture, hidden: bool) -> Request:
    said = {"name": picture.stem, "hidden": "true" if hidden else "false"}
    body = form(said, picture.file, picture.content, picture.media)
    fields = (
        FieldChange(("name",), "Name", None, picture.stem),
        FieldChange(("file",), "File", None, f"{picture.file}, {len(picture.content):,} bytes"),
        FieldChange(("hidden",), LABELS["hidden"], None, hidden),
    )
    return Request(operation("upload_image_from_file").write(body=body), IMAGE.new(picture.stem), fields)
