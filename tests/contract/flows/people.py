"""People: profiles, their devices and conversations, imports, consent, suppression, lists, segments, deletion."""

from typing import Any

from tests.contract.official import Json, Official, many, one, rows, to

ME = {"email": "contract@example.com", "first_name": "Con", "properties": {"shoes": 43}}


def wish(email: str, consent: str) -> Json:
    return {"email": email, "subscriptions": {"email": {"marketing": {"consent": consent}}}}


def profiles(shop: Official) -> None:
    ident = shop.made("create_profile", one("profile", **ME))
    other = shop.made("create_or_update_profile", one("profile", email="contract2@example.com"))
    assert shop.made("create_or_update_profile", one("profile", email="contract2@example.com", title="Dr")) == other
    changed = shop.call("update_profile", ident, one("profile", ident, last_name="Tract"))
    assert changed["data"]["attributes"]["last_name"] == "Tract"
    found = shop.call(
        "get_profiles", filter='equals(email,"contract@example.com")', additional_fields_profile=["subscriptions"]
    )
    assert [person["id"] for person in found["data"]] == [ident]
    shop.call("merge_profiles", one("profile-merge", ident, related={"profiles": many("profile", other)}))
    assert sum(len(page["data"]) for page in shop.pages("get_profiles", page_size=100)) > 60
    shop.call(
        "request_profile_deletion",
        one("data-privacy-deletion-job", profile=one("profile", email="contract@example.com")),
    )


def devices(shop: Official) -> None:
    owner = one("profile", email="device@example.com")
    shop.call("create_push_token", one("push-token", token="tok-1", platform="ios", vendor="apns", profile=owner))
    shop.call("create_push_token", one("push-token", token="tok-2", platform="ios", vendor="apns", profile=owner))
    owned = shop.call("get_push_tokens", filter='equals(profile.id,"' + profile_id(shop, "device@example.com") + '")')
    shop.call("delete_push_token", owned["data"][0]["id"])


def profile_id(shop: Official, email: str) -> str:
    return shop.first("get_profiles", filter=f'equals(email,"{email}")')


def conversations(shop: Official) -> None:
    for page in shop.pages("get_profiles", page_size=100):
        for person in page["data"]:
            talk = shop.call("get_conversations_for_profile", person["id"])["data"]
            if talk:
                related = {"conversation": to("conversation", talk[0]["id"])}
                shop.call("create_conversation_message", one("conversation-message", body="Hello", related=related))
                return
    raise AssertionError("nobody talks")


def imports(shop: Official) -> None:
    circle = shop.first("get_lists")
    people = rows("profile", *({"email": f"import{n}@example.com"} for n in range(30)), {"email": "no address"})
    related: dict[str, Any] = {"lists": many("list", circle)}
    job = shop.made("bulk_import_profiles", one("profile-bulk-import-job", profiles=people, related=related))
    shop.box.advance(600)
    done = shop.call("get_bulk_import_profiles_job", job)["data"]["attributes"]
    assert (done["status"], done["completed_count"], done["failed_count"]) == ("complete", 30, 1)
    assert len(shop.call("get_errors_for_bulk_import_profiles_job", job)["data"]) == 1
    assert (
        sum(len(page["data"]) for page in shop.pages("get_profiles_for_bulk_import_profiles_job", job, page_size=7))
        == 30
    )


def consent(shop: Official) -> None:
    circle = {"list": to("list", shop.first("get_lists"))}
    people = rows("profile", wish("consent@example.com", "SUBSCRIBED"))
    shop.call("bulk_subscribe_profiles", one("profile-subscription-bulk-create-job", profiles=people, related=circle))
    people = rows("profile", wish("consent@example.com", "UNSUBSCRIBED"))
    shop.call("bulk_unsubscribe_profiles", one("profile-subscription-bulk-delete-job", profiles=people, related=circle))
    people = rows("profile", {"email": "consent@example.com"})
    for verb, kind in (("suppress", "create"), ("unsuppress", "delete")):
        job = shop.made(f"bulk_{verb}_profiles", one(f"profile-suppression-bulk-{kind}-job", profiles=people))
        assert shop.made(f"get_bulk_{verb}_profiles_job", job) == job


def lists(shop: Official) -> None:
    ident = shop.made("create_list", one("list", name="Contract", opt_in_process="single_opt_in"))
    shop.call("update_list", ident, one("list", ident, name="Contracted"))
    people = [person["id"] for person in shop.call("get_profiles", page_size=5)["data"]]
    shop.call("add_profiles_to_list", ident, many("profile", *people))
    shop.call("remove_profiles_from_list", ident, many("profile", *people[:2]))
    shown = shop.call("get_list", ident, additional_fields_list=["profile_count"])
    assert shown["data"]["attributes"]["profile_count"] == 3
    assert len(list(shop.pages("get_profiles_for_list", ident, page_size=1))) == 3
    shop.call("delete_list", ident)


def segments(shop: Official) -> None:
    bound = {"type": "string", "operator": "contains", "value": "a"}
    condition = {"type": "profile-property", "property": "first_name", "filter": bound}
    definition = {"condition_groups": [{"conditions": [condition]}]}
    ident = shop.made("create_segment", one("segment", name="Contract", definition=definition))
    shop.call("update_segment", ident, one("segment", ident, name="Contracted", is_starred=True))
    assert shop.call("get_profiles_for_segment", ident, page_size=5)["data"]
    shop.call("delete_segment", ident)


FLOWS = (profiles, devices, conversations, imports, consent, lists, segments)
