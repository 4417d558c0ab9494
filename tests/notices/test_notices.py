"""Notices of changes: who gets which, that they arrive at least once, and that they name no customer."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from klaviyo_admin import api, outgoing
from klaviyo_admin.accounts import service
from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import comments, review
from klaviyo_admin.notices import delivering, writing
from klaviyo_admin.notices.models import KINDS, Notice, Wishes
from klaviyo_admin.outgoing import NotTaken
from tests.changes.stage import Stage, set_up
from tests.notices.hook import Hook, listening

EVERY = [kind for kind, _ in KINDS]


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    settings.MEDIA_ROOT, settings.MAIL, settings.PRIVATE_WEBHOOKS = tmp_path, True, True
    with set_up() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as found:
        yield found


def wanting(stage: Stage, webhook: str | None = None, kinds: list[str] = EVERY, mails: bool = True) -> None:
    writing.settle(stage.admin, stage.account, mail=mails, kinds=kinds, webhook=webhook)


def delivered() -> list[tuple[str, str]]:
    """Delivers what waits; to whom and about what e-mails went."""
    for pk in Notice.objects.filter(state="waiting").values_list("pk", flat=True):
        delivering.deliver(pk)
    sent: list[EmailMessage] = list(mail.outbox)
    mail.outbox.clear()
    return [(str(message.to[0]), str(message.subject)) for message in sent]


def people(found: list[tuple[str, str]]) -> list[str]:
    return [address.partition("@")[0].rstrip("0123456789") for address, _ in found]


def test_nobody_is_told_of_anything_before_an_admin_says_so(stage: Stage) -> None:
    stage.proposed()
    assert not Notice.objects.exists()


def test_everybody_hears_of_what_concerns_them_and_nobody_of_their_own_doing(stage: Stage) -> None:
    wanting(stage)
    change = stage.proposed()
    assert people(delivered()) == ["admin", "admin"]
    comments.say(stage.viewer, change, "Hm. @Auditor")
    assert people(delivered()) == ["marketer", "auditor"]
    comments.say(stage.admin, change, "Well.")
    assert people(delivered()) == ["marketer", "viewer"]
    comments.hand_to(stage.marketer, change, stage.colleague)
    assert people(delivered()) == ["admin"]
    review.approve(stage.admin, change, change.digest)
    assert people(delivered()) == ["marketer"]
    stage.carried_out(change)
    assert people(delivered()) == ["marketer"]
    review.reject(stage.admin, stage.proposed(stage.renaming(to="Other")), "No.")
    assert people(delivered()) == ["admin", "admin", "marketer"]


def test_who_has_no_role_any_more_hears_nothing_more(stage: Stage) -> None:
    wanting(stage)
    change = stage.proposed()
    service.take_role(stage.admin, stage.account, stage.colleague)
    assert people(delivered()) == ["admin"]
    service.take_role(stage.admin, stage.account, stage.marketer)
    review.reject(stage.admin, change, "No.")
    assert people(delivered()) == []


def test_only_the_kinds_that_are_wanted_are_told(stage: Stage) -> None:
    wanting(stage, kinds=["rejected"])
    change = stage.proposed()
    assert delivered() == []
    review.reject(stage.admin, change, "No.")
    assert people(delivered()) == ["marketer"]


def test_a_notice_names_no_customer_and_repeats_no_reason_or_comment(stage: Stage, hook: Hook) -> None:
    wanting(stage, hook.url)
    item = api.reader(stage.account).page("get_profiles").items[0]
    change = review.propose(
        stage.marketer, stage.account, profiles.edit([item], {"first_name": "Zora"}), "For guest@example.com."
    )
    comments.say(stage.viewer, change, "Ask guest@example.com")
    comments.ask_for_changes(stage.admin, change, "guest@example.com says no")
    review.reject(stage.admin, change, "guest@example.com says no")
    delivered()
    told = " ".join(document["text"] for document in hook.taken)
    assert len(hook.taken) == 4
    for secret in (item.get("email"), item.get("last_name"), "Zora", "guest@example.com"):
        assert str(secret) not in told
    assert f"profile {item.id}" in told


def test_a_webhook_gets_each_moment_once_in_the_shape_of_slack(stage: Stage, hook: Hook, settings: Any) -> None:
    settings.PUBLIC_URL = "https://admin.example.com"
    wanting(stage, hook.url, mails=False)
    change = stage.proposed(stage.renaming(to="<!channel> & co"))
    delivered()
    delivered()
    assert list(hook.taken[0]) == ["text"]
    assert len(hook.taken) == 1
    assert f"https://admin.example.com/a/{stage.account.pk}/changes/{change.pk}/" in hook.taken[0]["text"]
    assert "<!channel>" not in hook.taken[0]["text"]


def test_what_does_not_arrive_is_tried_again_ever_later_and_given_up_in_the_end(stage: Stage, hook: Hook) -> None:
    wanting(stage, hook.url, mails=False)
    stage.proposed()
    hook.statuses = [500, 302]
    waits = []
    for _ in range(2):
        delivered()
        notice = Notice.objects.get()
        assert notice.state == "waiting"
        assert "secret" not in notice.error
        waits.append((notice.not_before or timezone.now()) - timezone.now())
        delivered()  # too early
        Notice.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert timedelta(seconds=4) < waits[0] < waits[1] < timedelta(seconds=11)
    delivered()
    assert Notice.objects.get().state == "done"
    assert len(hook.taken) == 1
    Notice.objects.update(state="waiting", tries=delivering.TRIES - 1)
    hook.statuses = [500]
    delivered()
    assert Notice.objects.get().state == "dropped"


def test_a_notice_that_a_dead_worker_held_is_delivered_by_another(stage: Stage, hook: Hook) -> None:
    wanting(stage, hook.url, mails=False)
    stage.proposed()
    OrmQ.objects.all().delete()
    past = timezone.now() - timedelta(minutes=5)
    Notice.objects.update(lease_until=past, fence=7, at=past)
    delivering.once()
    delivering.once()
    assert OrmQ.objects.count() == 1
    delivered()
    assert Notice.objects.get().state == "done"


def test_it_is_queued_with_what_it_tells_of_or_not_at_all(stage: Stage) -> None:
    wanting(stage)
    with pytest.raises(review.ReviewRefused):
        review.reject(stage.admin, stage.proposed(), "")
    assert set(Notice.objects.values_list("kind", flat=True)) == {"proposed"}
    assert OrmQ.objects.count() == 2


def test_the_address_is_sealed_and_the_audit_tells_only_that_it_changed(stage: Stage, hook: Hook) -> None:
    wanting(stage, hook.url)
    wanting(stage, None, kinds=["failed"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook FROM notices_wishes")
        assert b"secret" not in bytes(cursor.fetchone()[0])
    lines = Entry.objects.filter(action="notices.changed").order_by("id")
    assert [line.detail["webhook"] for line in lines] == ["new address", "as before"]
    assert not any("secret" in str(line.detail) for line in lines)
    wanting(stage, "")
    assert writing.wishes_of(stage.account).webhook is None


def test_only_who_manages_the_account_says_who_is_told(stage: Stage) -> None:
    for person in (stage.marketer, stage.viewer, stage.auditor):
        with pytest.raises(NotAllowed):
            writing.settle(person, stage.account, mail=True, kinds=EVERY)
        with pytest.raises(NotAllowed):
            writing.try_out(person, stage.account)


@pytest.mark.parametrize(
    "address", ["ftp://example.com", "http://example.com", "https://", "x", "https://a b.com", "https://a:x/"]
)
def test_an_address_that_no_webhook_has_is_refused(stage: Stage, settings: Any, address: str) -> None:
    settings.PRIVATE_WEBHOOKS = False
    with pytest.raises(writing.BadAddress):
        wanting(stage, address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.7", "169.254.169.254", "[::1]", "0.0.0.0"])
def test_a_webhook_never_reaches_the_inside_of_the_network(host: str) -> None:
    with pytest.raises(NotTaken, match="public Internet"):
        outgoing.post(f"http://{host}:9/", b"{}", "application/json", private=False)


def test_an_address_that_no_key_opens_is_said_and_one_that_kills_its_worker_is_given_up(
    stage: Stage, hook: Hook
) -> None:
    wanting(stage, hook.url, mails=False)
    stage.proposed()
    Wishes.objects.update(webhook=b"spoilt")
    delivered()
    assert Notice.objects.get().error == "Its address cannot be read any more: set it again."
    Notice.objects.update(not_before=None, attempts=delivering.MOST_ATTEMPTS)
    delivered()
    assert Notice.objects.get().state == "dropped"
    assert hook.taken == []
