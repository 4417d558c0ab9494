"""Who is told of changes, and how: the wishes of one account, and whether its messages arrive."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.notices import writing
from klaviyo_admin.notices.models import KINDS, Notice, Wishes
from klaviyo_admin.pages.render import account_for, page, person_of

SHOWN = 8


class WishesForm(forms.Form):
    """What is told, and the address of a webhook, which is never sent back to the browser."""

    kinds = forms.MultipleChoiceField(
        label="What is told", choices=KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    mail = forms.BooleanField(label="Send e-mails to the people whom it concerns", required=False)
    webhook = forms.CharField(
        label="New webhook address",
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False),
        help_text="Slack: Apps, Incoming Webhooks. It gets JSON with one member, “text”. Empty leaves it as it is.",
    )
    remove = forms.BooleanField(label="Remove the webhook", required=False)

    def clean_webhook(self) -> str:
        address = str(self.cleaned_data["webhook"]).strip()
        if address:
            try:
                writing.check(address)
            except writing.BadAddress as fault:
                raise forms.ValidationError(str(fault)) from None
        return address


@sensitive_post_parameters("webhook")
def notices(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "manage")
    wishes = writing.wishes_of(here)
    form = WishesForm(request.POST or None, initial={"kinds": wishes.kinds, "mail": wishes.mail})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        webhook = "" if given["remove"] else given["webhook"] or None
        writing.settle(person_of(request), here, mail=given["mail"], kinds=given["kinds"], webhook=webhook)
        messages.success(request, "Saved.")
        return redirect("account-notices", account=here.pk)
    return page(request, "accounts/notices.html", context(here, wishes, form), here, 422 if form.errors else 200)


def context(here: Account, wishes: Wishes, form: WishesForm) -> dict[str, Any]:
    """Everything that templates/accounts/notices.html draws."""
    lately = Notice.objects.filter(account=here).select_related("person").order_by("-pk")
    return {
        "form": form,
        "wishes": wishes,
        "mail_server": settings.MAIL,
        "lately": lately[:SHOWN],
        "late": lately.filter(state="waiting", tries__gt=0).count(),
    }


@require_POST
def try_out(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "manage")
    if writing.try_out(person_of(request), here):
        messages.success(request, "A notice is on its way. It shows below whether it arrived.")
    else:
        messages.error(request, "There is no webhook, and e-mails are off: save one of them first.")
    return redirect("account-notices", account=here.pk)


urlpatterns = [
    path("a/<int:account>/settings/notices/", notices, name="account-notices"),
    path("a/<int:account>/settings/notices/try/", try_out, name="account-notices-try"),
]
