"""The lines of the audit as they stand on its page: fifty of them with their facts, too many for the loops of a template."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.pages.templatetags.drawing import fact_list, icon, moment

register = template.Library()


@register.simple_tag
def audit_lines(lines: Iterable[Any], account: Account) -> SafeString:
    """One list item for each pages.audit.Line."""
    addresses = reverse("audit", args=[account.pk]), reverse("changes", args=[account.pk])
    return SafeString("".join(f"<li>{_told(line)}{_leads(line, account, *addresses)}</li>" for line in lines))


def _told(line: Any) -> str:
    entry = line.entry
    return (
        f'<details class="fold"><summary>{icon("down")}<span class="tag tag-{line.tone}">{escape(line.action)}</span> '
        f"<span>{escape(entry.sentence)}</span></summary>{fact_list(line.facts)}</details>"
        f'<span class="quiet">{moment(entry.at)} · {escape(entry.person_name)}</span>'
    )


def _leads(line: Any, account: Account, audit: str, changes: str) -> str:
    """The ways on from a line: to its change, to all that is told of it, and to its undo."""
    number = line.entry.change_id
    if not number or line.entry.account_id != account.pk:
        return ""
    ways = [f'<a href="{changes}{number}/">Change {number}</a>', f'<a href="{audit}?change={number}">Full story</a>']
    if line.undo is not None:
        what = "this request" if line.undo else "this change"
        ways.append(f'<a href="{changes}{number}/undo/{escape(line.undo)}">Undo {what}</a>')
    return f"<span>{' · '.join(ways)}</span>"
