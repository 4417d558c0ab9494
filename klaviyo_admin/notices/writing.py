"""Who is told what: the rows of notices, written in the transaction of what they tell of, and an account's wishes."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from klaviyo_admin import jobs
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.accounts.rights import demand
from klaviyo_admin.audit import log
from klaviyo_admin.notices.models import KINDS, Notice, Wishes
from klaviyo_admin.sealing import Unreadable, seal, unseal

DELIVER = "klaviyo_admin.notices.delivering.deliver"
MOST_PEOPLE = 50


class BadAddress(ValueError):
    """The message is a sentence about a webhook address that cannot be taken; it does not repeat the address."""


def wishes_of(account: Account) -> Wishes:
    """What an account wants told; nothing, if nobody ever said."""
    return Wishes.objects.filter(account=account).first() or Wishes(account=account, kinds=[kind for kind, _ in KINDS])


def webhook_of(wishes: Wishes) -> str:
    """The address, "" for none or one that no key opens."""
    try:
        return unseal(wishes.webhook).decode() if wishes.webhook is not None else ""
    except Unreadable:
        return ""


def settle(person: Person, account: Account, *, mail: bool, kinds: Sequence[str], webhook: str | None = None) -> Wishes:
    """Changes what an account wants told. `webhook` is a new address, "" for none, None to leave it as it is.

    Raises NotAllowed, BadAddress.
    """
    demand(person, account, "manage")
    if webhook:
        check(webhook)
    with transaction.atomic():
        wishes = wishes_of(account)
        wishes.mail, wishes.kinds = mail, [kind for kind, _ in KINDS if kind in kinds]
        if webhook is not None:
            wishes.webhook = seal(webhook.encode()) if webhook else None
        wishes.save()
        address = "as before" if webhook is None else "new address" if webhook else "none"
        detail = {"mail": mail, "webhook": address, "kinds": wishes.kinds}
        said = "Changed who is told of changes, and how."
        log.record("notices.changed", sentence=said, person=person, account=account, detail=detail)
    return wishes


def check(webhook: str) -> None:
    """Raises BadAddress for what no webhook can be."""
    try:
        parts = urlsplit(webhook)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        raise BadAddress("This is no web address.") from None
    schemes = ("https", "http") if settings.PRIVATE_WEBHOOKS else ("https",)
    if parts.scheme not in schemes or not parts.hostname or not port_fits or any(c.isspace() for c in webhook):
        raise BadAddress("Give a whole address that begins with https://.")


def wants(account: Account, kind: str) -> bool:
    """Whether an account wants moments of this kind told in any way."""
    wishes = Wishes.objects.filter(account=account).first()
    return wishes is not None and kind in wishes.kinds and (wishes.mail or wishes.webhook is not None)


def tell(kind: str, account: Account, change_id: int | None, sentence: str, people: Iterable[Person]) -> None:
    """Writes down what is to be told, if the account wants it told, in the caller's transaction. The sentence must not
    name customers. `people` get e-mails, the webhook gets everything once."""
    if not wants(account, kind):
        return
    wishes = wishes_of(account)
    if wishes.webhook is not None:
        _queue(Notice(account=account, kind=kind, channel="webhook", change_id=change_id, sentence=sentence))
    if wishes.mail and settings.MAIL:
        for person in list(dict.fromkeys(people))[:MOST_PEOPLE]:
            _queue(
                Notice(
                    account=account, kind=kind, channel="mail", person=person, change_id=change_id, sentence=sentence
                )
            )


def try_out(person: Person, account: Account) -> int:
    """Sends a word to the webhook and to the person, whatever kinds are wanted; how many notices that makes."""
    demand(person, account, "manage")
    wishes, said = wishes_of(account), f"{person} tries out the notices of {account}."
    made = []
    if wishes.webhook is not None:
        made.append(Notice(account=account, kind="test", channel="webhook", sentence=said))
    if wishes.mail and settings.MAIL:
        made.append(Notice(account=account, kind="test", channel="mail", person=person, sentence=said))
    with transaction.atomic():
        for notice in made:
            _queue(notice)
    return len(made)


def _queue(notice: Notice) -> None:
    notice.save()
    jobs.enqueue(DELIVER, notice.pk)
