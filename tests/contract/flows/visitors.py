"""The Client API, which the official client leaves to browsers and apps: plain httpx, no key but a company."""

from tests.contract.official import Json, Official, one, rows, to

HAPPENING: Json = {"properties": {}, "metric": one("metric", name="Looked Around")}


def visit(shop: Official, part: str, document: Json) -> None:
    shop.box.advance(61)
    answer = shop.visitor.post(f"/client/{part}", json=document)
    assert answer.status_code in (201, 202), answer.text


def visitors(shop: Official) -> None:
    person = one("profile", email="visitor@example.com")
    visit(shop, "profiles", person)
    visit(shop, "events", one("event", profile=person, **HAPPENING))
    visit(shop, "event-bulk-create", one("event-bulk-create", profile=person, events=rows("event", HAPPENING)))
    related = {"variant": to("catalog-variant", shop.first("get_catalog_variants"))}
    waiting = one("back-in-stock-subscription", channels=["EMAIL"], profile=person, related=related)
    visit(shop, "back-in-stock-subscriptions", waiting)
    visit(
        shop,
        "subscriptions",
        one("subscription", profile=person, related={"list": to("list", shop.first("get_lists"))}),
    )
    device = {"token": "visitor", "platform": "ios", "vendor": "apns", "profile": person}
    visit(shop, "push-tokens", one("push-token", attributes=device))
    visit(shop, "push-token-unregister", one("push-token-unregister", attributes=device))
    said = {"review_type": "store", "email": "visitor@example.com", "author": "V", "content": "Good", "rating": 5}
    visit(shop, "reviews", one("review", attributes=said))


def readers(shop: Official) -> None:
    assert shop.made("get_client_ip_allowlist", "integration-egress", "SBXJP1", "2026-07-15") == "integration-egress"
    report = {"group_by": "company_id", "statistics": "average_rating", "timeframe": "all_time"}
    for part, asked in (("reviews", {}), ("geofences", {}), ("review-values-reports", report)):
        shop.box.advance(61)
        answer = shop.visitor.get(f"/client/{part}", params=asked)
        assert answer.status_code == 200, answer.text
        assert "data" in answer.json()


FLOWS = (visitors, readers)
