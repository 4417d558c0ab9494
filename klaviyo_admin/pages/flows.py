"""The part of a flow's page that draws its steps, with the names of what they name by ids."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin import api
from klaviyo_admin.areas.flows import naming
from klaviyo_admin.areas.flows.resources import FLOWS
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages.render import account_for, part


def graph(request: HttpRequest, account: int, id: str) -> HttpResponse:
    """The steps again, once the names are read. Where Klaviyo does not answer, the page keeps the ids it shows."""
    here = account_for(request, account)
    reader = api.reader(here)
    try:
        item = FLOWS.item(reader, id)
    except KlaviyoError:
        return HttpResponse(status=204)
    names = naming.names(reader, item.get("definition", {}))
    return part(request, "areas/flows/_graph.html", {"item": item, "names": names, "named": True}, here)


urlpatterns = [path("a/<int:account>/flows/<slug:id>/graph/", graph, name="flow-graph")]
