"""The inbox at work: narrowed, kept as a view, and several changes approved on one page."""

from datetime import timedelta

from django.utils import timezone

from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.changes import comments, review
from klaviyo_admin.changes.models import Approval, Change
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.pages.models import SavedView
from tests.changes.stage import Stage
from tests.pages.test_changes import browser, page, stage, text

__all__ = ["stage"]  # the fixture


def deletion(stage: Stage) -> Intent:
    return Intent("lists.delete", "Delete it.", (Request(operation("delete_list").write({"id": stage.lists()[0].id})),))


def test_the_inbox_is_narrowed_by_risk_day_words_and_talk(stage: Stage) -> None:
    harmless, grave = stage.proposed(stage.renaming(to="Zebra")), stage.proposed(deletion(stage))
    Change.objects.filter(pk=grave.pk).update(proposed_at=timezone.now() - timedelta(days=40))
    comments.ask_for_changes(stage.admin, grave, "Rather not.")
    comments.hand_to(stage.marketer, harmless, stage.colleague)

    def numbers(query: str, who: str = "admin") -> set[int]:
        told = page(stage, who, rest=f"?tab=all&{query}")
        return {change.pk for change in (harmless, grave) if f"/changes/{change.pk}/" in told}

    name = stage.lists()[0].get("name")
    today = timezone.localdate()
    assert numbers("risk=destructive") == {grave.pk}
    assert numbers(f"since={today - timedelta(days=1)}") == {harmless.pk}
    assert numbers(f"until={today - timedelta(days=2)}") == {grave.pk}
    assert numbers(f"words={name}") == {harmless.pk}
    assert numbers("words=delete") == {grave.pk}
    assert numbers("words=Agreed+sales") == {harmless.pk, grave.pk}
    assert numbers("flag=changes") == {grave.pk}
    assert numbers("flag=asked") == set()
    assert numbers("flag=asked", "colleague") == {harmless.pk}
    comments.say(stage.viewer, grave, f"What do you think, @{stage.colleague.email}?")
    assert numbers("flag=named", "colleague") == {grave.pk}
    assert numbers("flag=named") == set()
    assert "Changes requested" in page(stage, "viewer", rest="?tab=all")
    assert "You are asked" in page(stage, "colleague")


def test_a_view_is_kept_shown_and_dropped_and_is_its_owners_alone(stage: Stage) -> None:
    stage.proposed()
    address = f"/a/{stage.account.pk}/changes/views/"
    told = page(stage, "admin", rest="?tab=all&risk=reversible")
    assert 'value="tab=all&amp;risk=reversible"' in told
    client = browser(stage, "admin")
    told = text(client.post(address, {"name": "Harmless", "query": "tab=all&risk=reversible"}, follow=True))
    assert "Remove the view Harmless" in told
    assert "Harmless" in page(stage, "admin")
    assert "Harmless" not in page(stage, "colleague")
    text(client.post(address, {"name": "Harmless", "query": "tab=all&risk=sends"}, follow=True))
    view = SavedView.objects.get()
    assert view.query == "tab=all&risk=sends"
    browser(stage, "colleague").post(f"{address}{view.pk}/drop/")
    assert SavedView.objects.exists()
    client.post(f"{address}{view.pk}/drop/")
    assert not SavedView.objects.exists()
    assert "at most 60 characters" in text(client.post(address, {"name": "x" * 61, "query": "tab=all"}, follow=True))


def together(stage: Stage, *changes: Change, who: str = "admin") -> str:
    asked = "&".join(f"id={change.pk}" for change in changes)
    return page(stage, who, rest=f"together/?{asked}")


def sign(stage: Stage, *signed: str, who: str = "admin") -> str:
    answer = browser(stage, who).post(
        f"/a/{stage.account.pk}/changes/together/approve/", {"sign": signed, "comment": "All fine."}, follow=True
    )
    return text(answer)


def test_harmless_changes_are_read_and_approved_on_one_page_each_by_its_own_seal(stage: Stage) -> None:
    first, second = stage.proposed(), stage.proposed(lists.create([], {"name": "New"}))
    own = review.propose(stage.admin, stage.account, stage.renaming(to="Own"), "Because.")
    doubted = stage.proposed(stage.renaming(to="Doubted"))
    comments.ask_for_changes(stage.colleague, doubted, "Really?")
    grave, long = stage.proposed(deletion(stage)), stage.proposed(stage.renaming(6, to="Many"))
    told = page(stage, "admin")
    assert "Read and approve together" in told
    assert f'value="{first.pk}" aria-label="Select' in told
    assert f'value="{grave.pk}" aria-label="Select' not in told
    assert f'value="{doubted.pk}" aria-label="Select' not in told
    told = together(stage, first, second, own, grave, long, doubted)
    for change in (first, second):
        assert f'value="{change.pk}:{change.digest}"' in told
    assert "Renamed 1" in told
    assert "It is not of low risk" in told
    assert "It is your own" in told
    assert "It has many requests" in told
    assert "Somebody asked for changes to it" in told
    told = sign(stage, f"{first.pk}:{first.digest}", f"{second.pk}:{second.digest}")
    assert "2 changes approved." in told
    assert {a.digest for a in Approval.objects.all()} == {first.digest, second.digest}
    assert {a.comment for a in Approval.objects.all()} == {"All fine."}


def test_what_moved_since_it_was_shown_is_left_out_with_the_reason(stage: Stage) -> None:
    moved, decided, fine = (stage.proposed(stage.renaming(to=name)) for name in ("A", "B", "C"))
    grave = stage.proposed(deletion(stage))
    review.withdraw(stage.marketer, decided)
    signed = (f"{moved.pk}:{'0' * 64}", f"{decided.pk}:{decided.digest}", f"{fine.pk}:{fine.digest}")
    told = sign(stage, *signed, f"{grave.pk}:{grave.digest}", "999:x", "x")
    assert "1 change approved." in told
    assert f"#{moved.pk} was left out. This change is no longer the one" in told
    assert f"#{decided.pk} was left out. It has been decided already." in told
    assert f"#{grave.pk} was left out. It is not of low risk" in told
    assert "not in this account" in told
    assert [a.change_id for a in Approval.objects.all()] == [fine.pk]
    assert "Nothing was ticked" in sign(stage)


def test_only_who_decides_sees_the_page_of_several(stage: Stage) -> None:
    change = stage.proposed()
    for who in ("marketer", "viewer", "auditor"):
        client = browser(stage, who)
        assert client.get(f"/a/{stage.account.pk}/changes/together/?id={change.pk}").status_code == 403
        answer = client.post(
            f"/a/{stage.account.pk}/changes/together/approve/", {"sign": f"{change.pk}:{change.digest}"}
        )
        assert answer.status_code == 403
