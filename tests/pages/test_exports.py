"""A whole collection becomes a file in the background: every row once, nothing of it unsealed, its taking on record."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django_q.models import OrmQ

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.exports import collecting
from klaviyo_admin.exports.models import Export, Rows
from tests.pages.conftest import Shop

pytestmark = pytest.mark.django_db


def begun(shop: Shop, key: str, query: str = "", role: str = "marketer") -> Export:
    answer = shop.browser(role).post(shop.url(f"exports/of/{key}/"), {"query": query})
    assert answer.status_code == 302
    return Export.objects.get()


def collected(export: Export) -> Export:
    collecting.collect(export.pk)
    export.refresh_from_db()
    return export


def rows(shop: Shop, export: Export) -> list[dict[str, str]]:
    answer = shop.browser().get(shop.url(f"exports/{export.pk}/file/"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text)))


def everyone(shop: Shop) -> list[Any]:
    found, link = [], "/api/profiles?page[size]=100"
    while link:
        document = shop.read(link)
        found += document["data"]
        link = document["links"].get("next")
    return found


def test_every_profile_is_in_the_file_once(shop: Shop) -> None:
    export = collected(begun(shop, "profiles"))
    people = everyone(shop)
    assert (export.status, export.rows, export.pages) == ("done", len(people), -(-len(people) // 100))
    written = rows(shop, export)
    assert sorted(row["ID"] for row in written) == sorted(person["id"] for person in people)
    assert {row["E-mail"] for row in written} == {person["attributes"]["email"] or "" for person in people}
    assert "properties" in written[0], "what no column shows is there too"


def test_the_filters_of_the_list_bound_the_file(shop: Shop) -> None:
    email = next(p["attributes"]["email"] for p in shop.profiles(20) if p["attributes"]["email"])
    export = collected(begun(shop, "profiles", f"email={email}"))
    assert [row["E-mail"] for row in rows(shop, export)] == [email]
    assert email in shop.browser().get(shop.url(f"exports/{export.pk}/")).content.decode()


def test_the_words_of_the_search_box_bound_the_file_where_klaviyo_cannot_search(shop: Shop) -> None:
    (first, *others) = shop.lists()
    name = first["attributes"]["name"]
    assert others
    export = collected(begun(shop, "lists", urlencode({"q": name[1:].upper()})))
    assert [row["Name"] for row in rows(shop, export)] == [name]
    assert (export.asked or {})["said"] == [f"Name contains {name[1:].upper()}"]


def test_a_condition_that_holds_unasked_is_said(shop: Shop) -> None:
    export = begun(shop, "campaigns")
    page = shop.browser().get(shop.url(f"exports/{export.pk}/")).content.decode()
    assert (export.asked or {})["said"] == ["Channel E-mail"]
    assert "All of them" not in page
    assert "Channel E-mail only." in shop.browser().get(shop.url("campaigns/")).content.decode()
    assert "only. The filters" not in shop.browser().get(shop.url("campaigns/"), {"channel": "sms"}).content.decode()


def test_the_rows_rest_sealed_and_the_audit_names_nobody(shop: Shop) -> None:
    email = next(p["attributes"]["email"] for p in shop.profiles(20) if p["attributes"]["email"])
    export = collected(begun(shop, "profiles", f"email={email}"))
    rows(shop, export)
    for table in ("exports_rows", "exports_export"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            assert email not in str([[bytes(v) if isinstance(v, memoryview) else v for v in r] for r in cursor])
    lines = Entry.objects.filter(action__startswith="export.").order_by("id")
    assert [line.action for line in lines] == ["export.started", "export.ended", "export.taken"]
    assert email not in str(list(lines.values()))


def test_it_waits_as_long_as_klaviyo_asks_and_then_goes_on(shop: Shop) -> None:
    export = begun(shop, "profiles")
    shop.klaviyo.door("POST", "faults", operation="get_profiles", kind="error_before", probability=1.0)
    collected(export)
    assert (export.status, export.tries) == ("running", 1)
    assert export.not_before
    shop.klaviyo.clear_faults()
    assert collected(export).status == "done"


def test_what_a_dead_worker_left_is_hinted_once_and_taken_up(shop: Shop) -> None:
    export = begun(shop, "profiles")
    OrmQ.objects.all().delete()  # the hint went down with its worker
    Export.objects.update(lease_until="2026-01-01T00:00Z", hinted_at="2026-01-01T00:00Z", attempts=1, fence=1)
    collecting.sweep()
    collecting.sweep()
    assert OrmQ.objects.count() == 1
    assert collected(export).status == "done"
    assert [piece.number for piece in export.pieces.all()] == list(range(export.pages))


def test_stopping_drops_the_rows(shop: Shop) -> None:
    export = begun(shop, "lists")
    assert shop.browser().post(shop.url(f"exports/{export.pk}/stop/")).status_code == 302
    assert collected(export).status == "stopped"
    assert not Rows.objects.exists()
    assert shop.browser().get(shop.url(f"exports/{export.pk}/file/")).status_code == 404


def test_rows_go_when_their_time_is_over(shop: Shop) -> None:
    export = collected(begun(shop, "lists"))
    Export.objects.update(purge_after="2026-01-01T00:00Z")
    collecting.sweep()
    export.refresh_from_db()
    assert (export.purged, export.asked, Rows.objects.count()) == (True, {}, 0)
    assert shop.browser().get(shop.url(f"exports/{export.pk}/")).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_who_may_only_look_takes_no_file_along(shop: Shop, role: str) -> None:
    export = collected(begun(shop, "lists"))
    browser = shop.browser(role)
    assert browser.post(shop.url("exports/of/lists/")).status_code == 403
    assert browser.get(shop.url(f"exports/{export.pk}/file/")).status_code == 403
    assert "Export CSV" not in browser.get(shop.url("lists/")).content.decode()


def test_a_page_tells_how_far_it_is(shop: Shop) -> None:
    export = begun(shop, "lists")
    page = shop.browser().get(shop.url(f"exports/{export.pk}/")).content.decode()
    assert 'hx-trigger="load delay:1s"' in page
    collected(export)
    done = shop.browser().get(shop.url(f"exports/{export.pk}/"), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in done
    assert "Download the CSV file" in done
    assert "Export" in shop.browser().get(shop.url("exports/")).content.decode()
