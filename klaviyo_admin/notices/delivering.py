"""How a notice leaves: by e-mail or webhook, from the worker, at least once, ever more patiently, for about a day."""

from datetime import timedelta
from smtplib import SMTPException

import orjson
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from klaviyo_admin import jobs, outgoing
from klaviyo_admin.accounts import rights
from klaviyo_admin.notices.models import Notice
from klaviyo_admin.notices.writing import DELIVER, webhook_of, wishes_of
from klaviyo_admin.outgoing import NotTaken

LEASE_SECONDS = 60
LONGEST_WAIT = 7200.0
TRIES = 20  # with the waits between them a little more than a day
MOST_ATTEMPTS = 3 * TRIES
PATIENCE = timedelta(seconds=30)  # a hint that led nowhere is repeated after this long
KEPT_FOR = timedelta(days=30)
AT_ONCE = 50


def once() -> None:
    """Called every second by each worker: tells the queue of notices that a dead worker left or whose time has come."""
    for pk in list(_due().values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            if _due().filter(pk=pk).update(hinted_at=timezone.now()):
                jobs.enqueue(DELIVER, pk)


def deliver(pk: int) -> None:
    """The task: delivers one notice, or puts it off. Safe to repeat; a worker that dies in between delivers it twice."""
    rows = _timely(Notice.objects.filter(pk=pk, state="waiting"))
    fence = jobs.claim(rows, lease_seconds=LEASE_SECONDS)
    if fence is None:
        return
    held = Notice.objects.filter(pk=pk, fence=fence, state="waiting")
    notice = held.select_related("account", "person").get()
    if notice.attempts > MOST_ATTEMPTS:
        held.update(state="dropped", lease_until=None, error="Its worker stopped every time.")
        return
    try:
        _send(notice)
    except NotTaken as fault:
        tries = notice.tries + 1
        wait = timedelta(seconds=min(LONGEST_WAIT, 5 * 2.0**notice.tries))
        state = "dropped" if tries >= TRIES else "waiting"
        late = {"tries": tries, "error": str(fault), "not_before": timezone.now() + wait}
        held.update(state=state, lease_until=None, hinted_at=None, **late)
    else:
        held.update(state="done", lease_until=None, error="")
        _forget(notice)


def text(notice: Notice) -> str:
    """What is told, in one line or two."""
    link = f"{settings.PUBLIC_URL}/a/{notice.account_id}/changes/{notice.change_id}/"
    where = "" if notice.change_id is None else link if settings.PUBLIC_URL else f"Change {notice.change_id}"
    return f"{notice.account}: {notice.sentence}" + (f"\n{where}" if where else "")


def _send(notice: Notice) -> None:
    """Hands one notice over; to nobody, if it is not wanted any more. Raises NotTaken."""
    if notice.channel == "webhook":
        wishes = wishes_of(notice.account)
        if wishes.webhook is not None:
            address = webhook_of(wishes)
            if not address:
                raise NotTaken("Its address cannot be read any more: set it again.")
            # In Slack's format these three characters are markup.
            plain = text(notice).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            body = orjson.dumps({"text": plain})
            outgoing.post(address, body, "application/json", private=settings.PRIVATE_WEBHOOKS)
        return
    # Asked now: whoever had a role when it was written may have none any more.
    if notice.person is None or not rights.may(notice.person, notice.account, "read") or not settings.MAIL:
        return
    subject = " ".join(f"[{notice.account}] {notice.sentence}".split())[:200]
    try:
        EmailMessage(subject, text(notice) + "\n", to=[notice.person.email]).send()
    except (OSError, SMTPException) as error:
        raise NotTaken(f"The mail server did not take it ({type(error).__name__}).") from None


def _forget(notice: Notice) -> None:
    """Old notices have nothing to tell any more."""
    Notice.objects.filter(account=notice.account, at__lt=timezone.now() - KEPT_FOR).exclude(state="waiting").delete()


def _due() -> QuerySet[Notice]:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    # A new notice is in the queue already, by the transaction that wrote it.
    untold = Q(hinted_at=None, at__lt=now - PATIENCE) | Q(hinted_at=None, tries__gt=0) | Q(hinted_at__lt=now - PATIENCE)
    return _timely(Notice.objects.filter(free, untold, state="waiting")).order_by("pk")


def _timely(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    return rows.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))
