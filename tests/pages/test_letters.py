"""Letters on the screen: what a frame may do, what becomes of typed values, and how source reads."""

import re
from hashlib import sha256
from html import unescape

import pytest
from django.core.exceptions import ValidationError

from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import letters
from klaviyo_admin.pages.templatetags.letters import MOST, source
from tests.pages.conftest import Shop

FRAME = re.compile(r'<iframe src="([^"]+)"')


def template(shop: Shop, name: str = "Welcome 1: hello") -> str:
    path = f'/api/templates?filter=equals(name,"{name}")'
    return str(shop.read(path)["data"][0]["id"])


def framed(page: str) -> str:
    found = FRAME.search(page)
    assert found
    return unescape(found[1])


def test_a_template_shows_itself_in_a_frame_that_can_do_nothing(shop: Shop) -> None:
    page = shop.browser("viewer").get(shop.url(f"templates/{template(shop)}/")).content.decode()
    assert 'sandbox referrerpolicy="no-referrer"' in page
    letter = shop.browser("viewer").get(framed(page))
    policy = letter["Content-Security-Policy"]
    assert "Hello Robin" in letter.content.decode()
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    assert "https" not in policy
    assert "allow" not in policy
    assert (letter["X-Frame-Options"], letter["Cache-Control"]) == ("SAMEORIGIN", "no-store")


def test_the_preview_puts_typed_values_in_place_and_keeps_them_out_of_the_address(shop: Shop) -> None:
    browser, address = shop.browser(), shop.url("template-preview/")
    assert b"first_name = Robin" in browser.get(address, {"template": template(shop)}).content
    typed = {"template": template(shop), "values": "first_name = Ada & Co", "pictures": "on"}
    frame = framed(browser.post(address, typed).content.decode())
    assert "Ada" not in frame
    letter = browser.get(frame)
    assert "Hello Ada &amp; Co" in letter.content.decode()
    assert "img-src data: https:" in letter["Content-Security-Policy"]
    assert shop.asked("render_template")


def test_a_preview_says_what_is_wrong_with_a_line_and_with_a_template(shop: Shop) -> None:
    browser, address = shop.browser(), shop.url("template-preview/")
    answer = browser.post(address, {"template": template(shop), "values": "first_name = Ada\nnonsense"})
    assert answer.status_code == 422
    assert "Line 2, “nonsense”: write a name, an equals sign and a value." in answer.content.decode()
    noise = "".join(sha256(str(number).encode()).hexdigest() for number in range(120))
    answer = browser.post(address, {"template": template(shop), "values": f"first_name = {noise}"})
    assert "more values than a preview can take" in answer.content.decode()
    answer = browser.get(address, {"template": "NOPE01"})
    assert answer.status_code == 200
    assert b"This is not in Klaviyo" in answer.content
    shop.klaviyo.fault("render_template", "throttle")
    frame = letters.frame_url(shop.account, template(shop), {})
    assert b"Klaviyo asks to wait" in browser.get(frame).content


def test_a_frame_with_values_that_nobody_sealed_is_not_found(shop: Shop) -> None:
    assert shop.browser().get(shop.url(f"letters/{template(shop)}/?values=e30")).status_code == 404


def test_values_are_read_by_line() -> None:
    assert letters.read("a = 1\n\nb = \nevent.total = 12\nevent.items = [1, 2]") == {
        "a": "1",
        "event": {"total": "12", "items": [1, 2]},
    }
    for text, said in (("x", "an equals sign"), ("a = {", "not valid JSON"), ("a = 1\na.b = 2", "plain value")):
        with pytest.raises(ValidationError) as refused:
            letters.read(text)
        assert said in str(refused.value)


def test_the_variables_of_a_template_are_offered_with_samples() -> None:
    letter = Item(
        "template", "A", {"html": "{{ first_name|default:'x' }} {{event.total}} {{ first_name }}", "text": "{{ x }}"}
    )
    assert letters.asked_for(letter) == "first_name = Robin\nevent.total = \nx = "


def test_source_is_escaped_and_marked_line_by_line() -> None:
    drawn = source('<p class="a">{{ name }}</p>\n<!-- one\ntwo --><script>alert(1)</script>')
    assert drawn.count('<span class="source-line">') == 3
    assert '<span class="source-tag">&lt;p</span>' in drawn
    assert '<span class="source-text">&quot;a&quot;</span>' in drawn
    assert '<span class="source-value">{{ name }}</span>' in drawn
    assert '<span class="source-note">two --&gt;</span>' in drawn
    assert "<script" not in drawn
    assert "source-line" not in source("<p>" * MOST)
