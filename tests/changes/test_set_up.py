"""Automation and set-up, carried out in the sandbox: flows, forms, webhooks, tracking, messages, people erased."""

from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.conversations import service as conversations
from klaviyo_admin.areas.conversations.resources import CONVERSATIONS
from klaviyo_admin.areas.data_privacy import service as privacy
from klaviyo_admin.areas.flows import service as flows
from klaviyo_admin.areas.flows.resources import FLOWS
from klaviyo_admin.areas.onsite import service as onsite
from klaviyo_admin.areas.profiles.resources import PROFILES
from klaviyo_admin.areas.signup_forms import service as forms
from klaviyo_admin.areas.signup_forms.resources import FORMS
from klaviyo_admin.areas.tracking_settings import service as tracking
from klaviyo_admin.areas.tracking_settings.resources import TRACKING_SETTINGS
from klaviyo_admin.areas.webhooks import service as webhooks
from klaviyo_admin.areas.webhooks.resources import WEBHOOK_TOPICS, WEBHOOKS
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import review, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.klaviyo.errors import NotFound
from klaviyo_admin.klaviyo.filters import equals
from klaviyo_admin.klaviyo.values import Item, Query
from klaviyo_admin.pages import bodies_text
from tests.changes.stage import Stage

SECRET = "nobody shall ever read this"


def whole(stage: Stage, resource: Resource, named: str = "") -> Item:
    """A thing as its page reads it: of this name, else the first."""
    reader = api.reader(stage.account)
    found = [i for page in reader.pages(resource.source.list) for i in page.items]
    item = next(i for i in found if not named or resource.name(i) == named)
    return resource.item(reader, item.id)


def undone(stage: Stage, change: Change) -> Change:
    built = undo.build(change, list(Step.objects.filter(change=change))).intent
    proposal = review.undo(stage.marketer, change, built, "It was a mistake.")
    return stage.carried_out(review.approve(stage.admin, proposal, proposal.digest))


def test_a_flow_and_its_steps_switch_and_the_flow_switches_back(stage: Stage) -> None:
    flow = whole(stage, FLOWS, "After the first order")
    change = stage.carried_out(stage.approved(flows.set_status([flow], {"status": "manual"})))
    assert change.status == "done"
    after = whole(stage, FLOWS, "After the first order")
    assert {a["data"]["status"] for a in after.get("definition.actions") if "status" in a["data"]} == {"manual"}
    assert undone(stage, change).status == "done"
    assert whole(stage, FLOWS, "After the first order").get("status") == "live"


def test_a_copy_of_a_flow_messages_nobody(stage: Stage) -> None:
    flow = whole(stage, FLOWS, "After the first order")
    assert stage.carried_out(stage.approved(flows.copy([flow], {"name": "Again"}))).status == "done"
    made = whole(stage, FLOWS, "Again")
    assert made.get("status") == "draft"
    assert len(made.get("definition.actions")) == len(flow.get("definition.actions"))


def test_a_form_is_made_copied_and_taken_back(stage: Stage) -> None:
    circle = stage.lists()[0]
    said = {
        "name": "Autumn",
        "kind": "flyout",
        "heading": "Hello <you>",
        "button": "Join",
        "thanks": "Thanks",
        "delay": 3,
    }
    change = stage.carried_out(stage.approved(forms.create([], {**said, "text": "", "circle": circle})))
    assert change.status == "done"
    made = whole(stage, FORMS, "Autumn")
    assert "Hello &lt;you&gt;" in str(made.get("definition"))
    copied = stage.carried_out(stage.approved(forms.copy([made], {"name": "Winter"})))
    assert copied.status == "done"
    assert undone(stage, copied).status == "done"
    assert undone(stage, change).status == "done"
    with pytest.raises(NotFound):
        FORMS.item(api.reader(stage.account), made.id)


def hook(stage: Stage, **answers: Any) -> Change:
    item = whole(stage, WEBHOOKS, "Returns to the warehouse")
    return stage.carried_out(stage.approved(webhooks.edit([item], answers)))


def test_a_webhook_changes_and_changes_back(stage: Stage) -> None:
    topics = api.reader(stage.account).page("get_webhook_topics").items[:2]
    change = hook(stage, name="Returns", topics=topics)
    assert change.status == "done"
    after = whole(stage, WEBHOOKS, "Returns")
    assert webhooks.topics(after) == tuple(sorted(topic.id for topic in topics))
    assert undone(stage, change).status == "done"
    assert len(webhooks.topics(whole(stage, WEBHOOKS, "Returns to the warehouse"))) == 1
    assert WEBHOOK_TOPICS.name(topics[0])


@pytest.mark.parametrize("answers", [{"endpoint_url": "https://example.com/elsewhere"}, {"secret_key": SECRET}])
def test_what_klaviyo_does_not_show_is_never_put_back_as_a_guess(stage: Stage, answers: dict[str, str]) -> None:
    change = hook(stage, **answers)
    assert change.status == "done"
    with pytest.raises(undo.Impossible):
        undo.build(change, list(change.steps.all()))


def test_the_secret_of_a_webhook_is_in_the_request_and_nowhere_else(stage: Stage) -> None:
    topics = api.reader(stage.account).page("get_webhook_topics").items[:1]
    said = {"name": "New", "endpoint_url": "https://example.com/new", "secret_key": SECRET, "topics": topics}
    change = stage.carried_out(stage.approved(webhooks.create([], said)))
    step = change.steps.get()
    body = bytes(step.body)
    assert change.status == "done"
    assert SECRET in body.decode()
    assert SECRET not in bodies_text.indented(body)
    assert '"secret_key": "•••"' in bodies_text.indented(body)
    assert SECRET not in f"{change.aloud}{change.details}{step.fields}"
    assert not Entry.objects.filter(sentence__contains=SECRET).exists()
    assert not [line for line in Entry.objects.all() if SECRET in str(line.detail)]


def test_tracking_settings_go_back_to_what_they_were(stage: Stage) -> None:
    before = whole(stage, TRACKING_SETTINGS)
    own = [{"name": "season", "flow": {"type": "static", "value": "spring"}}]
    said = {"utm_campaign_flow": None, "utm_id_campaign": {"type": "dynamic", "value": "campaign_id"}}
    change = stage.carried_out(stage.approved(tracking.edit([before], {**said, "custom_parameters": own})))
    assert change.status == "done"
    after = whole(stage, TRACKING_SETTINGS)
    assert after.get("utm_id.campaign.value") == "campaign_id"
    assert after.get("custom_parameters") == own
    assert undone(stage, change).status == "done"
    assert tracking.start_edit([whole(stage, TRACKING_SETTINGS)]) == tracking.start_edit([before])


def test_a_message_reaches_the_conversation_that_a_person_began(stage: Stage) -> None:
    reader = api.reader(stage.account)
    people = (CONVERSATIONS.item(reader, p.id) for p in reader.page("get_profiles", query=Query(size=30)).items)
    person = next(p for p in people if conversations.conversations(p))
    ((ident, _),) = conversations.start_message([person])["conversations"]
    intent = conversations.write_message([person], {"conversation": ident, "body": "Your parcel is here."})
    assert person.id in intent.on_record()
    assert str(person.get("first_name")) not in intent.on_record()
    assert stage.carried_out(stage.approved(intent)).status == "done"


@pytest.mark.parametrize("known_by", ["id", "email"])
def test_a_person_who_asked_for_it_is_gone_for_good(stage: Stage, known_by: str) -> None:
    person = next(p for p in api.reader(stage.account).page("get_profiles").items if p.get("email"))
    assert known_by in dict(privacy.start([person])["choices"])
    change = stage.carried_out(stage.approved(privacy.erase([person], {"known_by": known_by})))
    assert change.status == "done"
    with pytest.raises(NotFound):
        PROFILES.item(api.reader(stage.account), person.id)
    with pytest.raises(undo.Impossible):
        undo.build(change, list(change.steps.all()))


def test_nobody_is_erased_by_an_address_that_is_somebody_elses_by_now(stage: Stage) -> None:
    person = next(p for p in api.reader(stage.account).page("get_profiles").items if p.get("email"))
    change = stage.approved(privacy.erase([person], {"known_by": "email"}))
    moved = stage.approved(stage.editing(person, {"email": "moved@example.com"}))
    assert stage.carried_out(moved).status == "done"
    assert stage.carried_out(change).status == "stale"
    assert PROFILES.item(api.reader(stage.account), person.id).get("email") == "moved@example.com"


def test_what_a_website_tells_arrives_under_the_accounts_public_id(stage: Stage) -> None:
    said = {"company_id": "SBXJP1", "email": "visitor@example.com", "city": "Ghent", "properties": {"Plan": "gold"}}
    assert stage.carried_out(stage.approved(onsite.identify([], said))).status == "done"
    query = Query(filter=equals("email", "visitor@example.com"))
    (made,) = api.reader(stage.account).page("get_profiles", query=query).items
    assert (made.get("location.city"), made.get("properties.Plan")) == ("Ghent", "gold")
    told = {"company_id": "SBXJP1", "email": "visitor@example.com", "metric": "Looked at a chair", "backfill": True}
    assert stage.carried_out(stage.approved(onsite.record([], told))).status == "done"
