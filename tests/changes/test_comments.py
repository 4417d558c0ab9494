"""What people say about a change: who may, what the audit keeps of it, and what a wish for changes leads to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from klaviyo_admin.accounts.models import Person
from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import comments, purge, review
from klaviyo_admin.changes.models import Change, Remark
from klaviyo_admin.changes.proposing import propose
from klaviyo_admin.changes.review import ReviewRefused
from tests.changes.stage import Stage, actions

SECRET = "Ask guest@example.com first"


def test_everybody_with_a_role_comments_on_the_change_a_request_or_a_field(stage: Stage) -> None:
    change = stage.proposed(stage.renaming(2))
    comments.say(stage.viewer, change, SECRET)
    comments.say(stage.admin, change, "This one?", step=2)
    remark = comments.say(stage.auditor, change, "Really?", step=1, field="Name")
    assert (remark.step, remark.field) == (1, "Name")
    assert [r.person for r in change.remarks.all()] == [stage.viewer, stage.admin, stage.auditor]


def test_what_was_said_is_sealed_and_never_in_the_audit(stage: Stage) -> None:
    change = stage.proposed()
    comments.say(stage.viewer, change, SECRET)
    lines = [f"{e.sentence} {e.detail}" for e in Entry.objects.filter(change_id=change.pk)]
    assert actions(change) == ["change.proposed", "change.commented"]
    assert not any("guest" in line for line in lines)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM changes_remark")
        assert b"guest" not in bytes(cursor.fetchone()[0])


def test_what_was_said_is_never_changed_or_removed_but_purged_with_the_rest(stage: Stage) -> None:
    change = stage.proposed()
    remark = comments.say(stage.viewer, change, SECRET)
    with pytest.raises(TypeError):
        remark.save()
    with pytest.raises(TypeError):
        remark.delete()
    review.withdraw(stage.marketer, change)
    Change.objects.filter(pk=change.pk).update(purge_after=timezone.now() - timedelta(days=1))
    assert purge.purge(change.pk)
    assert Remark.objects.get().text is None


@pytest.mark.parametrize(
    ("text", "step", "field", "why"),
    [
        (" ", None, "", "Write something"),
        ("x" * 5000, None, "", "too long"),
        ("Hm", 9, "", "no such request"),
        ("Hm", 1, "Colour", "no such field"),
    ],
)
def test_what_makes_no_sense_is_refused(stage: Stage, text: str, step: int | None, field: str, why: str) -> None:
    with pytest.raises(ReviewRefused, match=why):
        comments.say(stage.admin, stage.proposed(), text, step=step, field=field)


def test_nobody_from_outside_says_anything(stage: Stage) -> None:
    stranger = Person.objects.create_user("stranger@example.com", "correct horse", name="Stranger")
    with pytest.raises(NotAllowed):
        comments.say(stranger, stage.proposed(), "Hello")


def test_who_decides_asks_for_another_version_and_the_author_proposes_it(stage: Stage) -> None:
    change = stage.proposed()
    for person in (stage.marketer, stage.viewer, stage.auditor):
        with pytest.raises(NotAllowed):
            comments.ask_for_changes(person, change, "Shorter.")
    comments.ask_for_changes(stage.admin, change, "Shorter.")
    flagged = comments.flagged(Change.objects.for_account(stage.account))
    assert list(flagged.values_list("wants_changes", flat=True)) == [True]
    wish = comments.wanted(change)
    assert wish
    assert wish.text == "Shorter."
    new = propose(stage.marketer, stage.account, stage.renaming(to="Short"), "As you say.", supersedes=change)
    change.refresh_from_db()
    assert (change.status, change.outcome) == ("withdrawn", f"Change {new.pk} was proposed instead.")
    assert list(change.superseded_by.all()) == [new]
    with pytest.raises(ReviewRefused, match="instead of it already"):
        propose(stage.marketer, stage.account, stage.renaming(to="Other"), "Again.", supersedes=change)
    with pytest.raises(ReviewRefused, match="decided already"):
        comments.ask_for_changes(stage.admin, change, "Shorter.")


def test_only_its_author_replaces_a_change_that_waits_and_nobody_one_on_its_way(stage: Stage) -> None:
    with pytest.raises(ReviewRefused, match="Only its author"):
        propose(stage.admin, stage.account, stage.renaming(to="Mine"), "Better.", supersedes=stage.proposed())
    with pytest.raises(ReviewRefused, match="on its way"):
        propose(stage.marketer, stage.account, stage.renaming(to="Mine"), "Better.", supersedes=stage.approved())


def test_a_certain_person_is_asked_to_decide_and_others_still_may(stage: Stage) -> None:
    change = stage.proposed()
    comments.hand_to(stage.marketer, change, stage.colleague, "You know this list.")
    assert comments.asked_of(change) == stage.colleague
    assert actions(change)[-1] == "change.asked"
    for to, why in ((stage.colleague, "asked already"), (stage.viewer, "cannot decide"), (stage.marketer, "cannot")):
        with pytest.raises(ReviewRefused, match=why):
            comments.hand_to(stage.admin, change, to)
    with pytest.raises(NotAllowed):
        comments.hand_to(stage.viewer, change, stage.admin)
    assert review.approve(stage.admin, change, change.digest).status == "approved"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Viewer please look", ["Viewer"]),
        ("please, @viewer3@example.com!", ["Viewer"]),
        ("@viewers and a@viewer are nobody", []),
        ("@Viewer and @Auditor", ["Viewer", "Auditor"]),
    ],
)
def test_people_are_named_by_an_at_sign(stage: Stage, text: str, names: list[str]) -> None:
    remark = comments.say(stage.marketer, stage.proposed(), text)
    assert [Person.objects.get(pk=pk).name for pk in remark.told] == names
