"""The ways to say something about a change: to comment, to want it different, and to hand it on."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from klaviyo_admin.changes import comments, deciders
from klaviyo_admin.pages.changes import change_or_404, done
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.pages.render import account_for, person_of


@require_POST
def comment(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    about, text = whole(request.POST.get("about")), request.POST.get("text", "")
    say = partial(
        comments.say, person_of(request), found, text, step=about or None, field=request.POST.get("field", "")
    )
    return done(request, found, say, "Your comment is on the page.", "#thread")


@require_POST
def ask_for_changes(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    act = partial(comments.ask_for_changes, person_of(request), found, request.POST.get("comment", ""))
    return done(request, found, act, "Its author is asked for another version.", "#thread")


@require_POST
def hand_on(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    wanted = whole(request.POST.get("to"))
    to = next((each for each in deciders.of(found) if each.pk == wanted), None)
    if to is None:
        messages.error(request, "Choose somebody who may decide about this change.")
        return redirect("change", found.account_id, found.pk)
    act = partial(comments.hand_to, person_of(request), found, to, request.POST.get("text", ""))
    return done(request, found, act, f"{to} is asked to decide.", "#thread")


urlpatterns = [
    path("a/<int:account>/changes/<int:pk>/comment/", comment, name="change-comment"),
    path("a/<int:account>/changes/<int:pk>/ask-for-changes/", ask_for_changes, name="change-ask-changes"),
    path("a/<int:account>/changes/<int:pk>/hand-on/", hand_on, name="change-hand-on"),
]
