"""Talking about a change on its page: comments and their place, a wish for another version, whom to ask, proposing anew."""

from klaviyo_admin import api
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.changes import comments, review
from klaviyo_admin.changes.models import Change, Remark
from klaviyo_admin.klaviyo.values import Item
from tests.changes.stage import Stage
from tests.pages.test_changes import browser, page, post, stage, text

__all__ = ["stage"]  # the fixture


def test_a_comment_on_a_field_stands_in_the_thread_and_beside_the_request(stage: Stage) -> None:
    change = stage.proposed()
    told = page(stage, "viewer", change, "?about=1&field=Name")
    assert "About request 1, Name." in told
    assert 'name="field" value="Name"' in told
    told = text(post(stage, "viewer", change, "comment/", text="Is <b>this</b> right?", about="1", field="Name"))
    remark = Remark.objects.get()
    assert "Is &lt;b&gt;this&lt;/b&gt; right?" in told
    assert f'href="#remark-{remark.pk}"' in told
    assert "Request 1 · Name" in told
    assert "Write something first." in text(post(stage, "viewer", change, "comment/", text=" "))


def test_a_wish_for_changes_flags_the_change_and_leads_the_author_to_its_form(stage: Stage) -> None:
    change = stage.proposed(stage.renaming(to="Long name"))
    assert "Ask for changes" not in page(stage, "marketer", change)
    told = text(post(stage, "admin", change, "ask-for-changes/", comment="Shorter, please."))
    assert "Shorter, please." in told
    assert "Admin asked for changes." in page(stage, "viewer", change)
    assert "propose it again" not in page(stage, "viewer", change)
    address = f"/a/{stage.account.pk}/lists/act/edit/?id={change.target_id}&again={change.pk}"
    assert address.replace("&", "&amp;") in page(stage, "marketer", change)
    form = text(browser(stage, "marketer").get(address))
    assert 'value="Long name 1"' in form
    assert "Agreed with sales." in form
    typed = {"name": "Short", "opt_in_process": stage.lists()[0].get("opt_in_process"), "why-reason": "Shorter."}
    answer = browser(stage, "marketer").post(address, typed, follow=True)
    new = Change.objects.latest("pk")
    assert new.supersedes == change
    assert "Instead of" in answer.content.decode()
    told = page(stage, "marketer", change)
    assert f"Change {new.pk} was proposed instead." in told
    assert "Propose again" not in told
    twice = browser(stage, "marketer").post(address, typed | {"name": "Twice"})
    assert b"instead of it already" in twice.content


def test_what_was_wanted_of_a_person_comes_back_into_the_form_over_what_holds_now(stage: Stage) -> None:
    item = profile(stage)
    change = stage.proposed(profiles.edit([item], {"first_name": "Zora", "properties": {"tier": "gold"}}))
    review.reject(stage.admin, change, "No.")
    told = page(stage, "marketer", change)
    assert "Propose again" in told
    form = text(
        browser(stage, "marketer").get(f"/a/{stage.account.pk}/profiles/act/edit/?id={item.id}&again={change.pk}")
    )
    assert 'value="Zora"' in form
    assert "gold" in form


def profile(stage: Stage) -> Item:
    return api.reader(stage.account).page("get_profiles").items[0]


def test_a_new_thing_is_proposed_anew_with_what_was_typed(stage: Stage) -> None:
    change = stage.proposed(lists.create([], {"name": "Autumn fair"}))
    form = text(browser(stage, "marketer").get(f"/a/{stage.account.pk}/lists/act/create/?again={change.pk}"))
    assert 'value="Autumn fair"' in form


def test_somebody_is_asked_to_decide_by_name(stage: Stage) -> None:
    change = stage.proposed()
    told = text(post(stage, "marketer", change, "hand-on/", to=str(stage.colleague.pk)))
    assert f"{stage.colleague} is asked to decide" in told
    assert "Choose somebody who may decide" in text(post(stage, "marketer", change, "hand-on/", to="999"))
    assert post(stage, "viewer", change, "hand-on/", to=str(stage.admin.pk)).status_code == 403


def test_a_comment_that_no_key_opens_does_not_hide_the_change(stage: Stage) -> None:
    change = stage.proposed()
    comments.say(stage.viewer, change, "Hello")
    Remark.objects.update(text=None)
    assert "The text was removed" in page(stage, "admin", change)


def test_nobody_says_anything_by_a_link(stage: Stage) -> None:
    change = stage.proposed()
    for act in ("comment/", "ask-for-changes/", "hand-on/"):
        assert browser(stage, "admin").get(f"/a/{stage.account.pk}/changes/{change.pk}/{act}").status_code == 405


def test_a_form_takes_the_place_of_no_change_that_came_from_another_form(stage: Stage) -> None:
    other = stage.proposed(lists.create([], {"name": "Autumn fair"}))
    item = stage.lists()[0]
    address = f"/a/{stage.account.pk}/lists/act/edit/?id={item.id}&again={other.pk}"
    client = browser(stage, "marketer")
    assert "Agreed with sales." not in text(client.get(address))
    typed = {"name": "Short", "opt_in_process": item.get("opt_in_process"), "why-reason": "Shorter."}
    client.post(address, typed)
    assert Change.objects.latest("pk").supersedes is None
    other.refresh_from_db()
    assert other.status == "proposed"
