"""Images and templates as values: which files are taken, what an edit writes, and what a form says that is not enough."""

from typing import Any

import orjson
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from klaviyo_admin.areas.email_templates import service as templates
from klaviyo_admin.areas.email_templates.forms import EditBlock, EditTemplate, NewBlock, NewTemplate
from klaviyo_admin.areas.images import service
from klaviyo_admin.areas.images.pictures import LARGEST, MOST, Picture, PicturesField, read
from klaviyo_admin.klaviyo.multipart import form
from klaviyo_admin.klaviyo.values import Item
from tests.pages.answers.images import PIXEL

LEAF = Item("image", "80000001", {"name": "Leaf", "hidden": False})
TEXT = {"content_type": "block", "type": "text", "data": {"content": "<p>Old</p>", "display_options": {}, "styles": {}}}
BLOCK = Item("template-universal-content", "01B", {"name": "Footer", "definition": TEXT})


def test_a_file_that_is_no_picture_is_named_with_its_remedy() -> None:
    assert read("C:\\pictures\\leaf.gif", PIXEL).stem == "leaf"
    for name, content, said in (
        ("a.pdf", b"%PDF", "is no JPEG, PNG or GIF"),
        ("b.gif", b"", "is empty"),
        ("c.gif", PIXEL + bytes(LARGEST), "has 5.0 MB"),
    ):
        with pytest.raises(ValidationError, match=f"“{name}” {said}"):
            read(name, content)


def test_several_files_are_read_together_and_all_faults_told() -> None:
    field = PicturesField()
    good = field.clean([SimpleUploadedFile("one.gif", PIXEL), SimpleUploadedFile("two.gif", PIXEL)])
    assert [picture.stem for picture in good] == ["one", "two"]
    with pytest.raises(ValidationError) as refused:
        field.clean(
            [SimpleUploadedFile("a.txt", b"x"), SimpleUploadedFile("ok.gif", PIXEL), SimpleUploadedFile("b", b"")]
        )
    assert len(refused.value.messages) == 2
    with pytest.raises(ValidationError, match="at most 20"):
        field.clean([SimpleUploadedFile("a.gif", PIXEL)] * (MOST + 1))
    with pytest.raises(ValidationError, match="required"):
        field.clean([])


def test_an_upload_says_in_its_bytes_and_fields_what_it_is() -> None:
    pictures = (Picture('le"af.gif', PIXEL, "image/gif"), Picture("b.gif", PIXEL, "image/gif"))
    intent = service.from_files((), {"pictures": pictures, "hidden": True})
    body = intent.requests[0].write.body
    assert b'filename="le%22af.gif"' in body
    assert b'name="hidden"\r\n\r\ntrue' in body
    assert body == form({"name": 'le"af', "hidden": "true"}, 'le"af.gif', PIXEL, "image/gif")
    assert intent.aloud() == 'Add 2 images from files: “le"af” and “b”.'
    assert intent.requests[1].fields[1].after == f"b.gif, {len(PIXEL)} bytes"


def test_an_edit_of_an_image_writes_name_and_visibility_together() -> None:
    intent = service.edit((LEAF,), {"name": "Oak", "hidden": False})
    assert orjson.loads(intent.requests[0].write.body)["data"]["attributes"] == {"name": "Oak", "hidden": False}
    assert intent.aloud() == "Rename the image “Leaf” to “Oak”."
    with pytest.raises(ValidationError, match="Nothing was changed"):
        service.edit((LEAF,), {"name": "Leaf", "hidden": False})
    assert service.hide((LEAF,), {}).aloud() == "Hide the image “Leaf” from the library."


def test_a_template_has_the_content_that_its_editor_takes() -> None:
    def faults(**given: Any) -> set[str]:
        return set(NewTemplate({"name": "A", **given}).errors)

    assert faults(editor_type="CODE") == {"html"}
    assert faults(editor_type="CODE", html="<p>", definition='{"a": 1}') == {"definition"}
    assert faults(editor_type="SYSTEM_DRAGGABLE", html="<p>") == {"definition", "html"}
    blocks = EditTemplate(initial={"editor_type": "SYSTEM_DRAGGABLE"})
    assert "html" not in blocks.fields
    assert "definition" not in EditTemplate(initial={"editor_type": "CODE"}).fields


def test_source_keeps_its_lines_and_spaces() -> None:
    given = NewTemplate({"name": "A", "editor_type": "CODE", "html": "  <p>\r\n</p>\r\n"})
    assert given.is_valid(), given.errors
    assert given.cleaned_data["html"] == "  <p>\n</p>\n"


def test_a_block_is_changed_by_its_content_or_as_a_whole() -> None:
    intent = templates.edit_block((BLOCK,), {"content": "<p>New</p>"})
    sent = orjson.loads(intent.requests[0].write.body)["data"]["attributes"]["definition"]
    assert sent == {**TEXT, "data": {"content": "<p>New</p>", "display_options": {}, "styles": {}}}
    assert "content" not in EditBlock(initial={"name": "Line", "content": None}).fields
    assert set(NewBlock({"name": "A", "kind": "other"}).errors) == {"definition"}
    assert set(NewBlock({"name": "A", "kind": "text", "content": "x", "definition": '{"a": 1}'}).errors) == {
        "definition"
    }
