"""Facts and figures: events, metrics, aggregates, reports, tags, tracking, reviews, webhooks."""

from tests.contract.official import Json, Official, many, one, rows, to

MONTH = {"key": "last_30_days"}


def metric(shop: Official, name: str = "Placed Order") -> str:
    return str(next(m["id"] for m in shop.call("get_metrics")["data"] if m["attributes"]["name"] == name))


def happening(number: int) -> Json:
    return {"properties": {"number": number}, "metric": one("metric", name="Contracted"), "unique_id": f"c{number}"}


def events(shop: Official) -> None:
    person = one("profile", email="buyer@example.com")
    shop.call("create_event", one("event", attributes=happening(1) | {"profile": person, "value": 9.5}))
    bulk = {"profile": person, "events": rows("event", happening(2), happening(3))}
    attributes = {"events-bulk-create": rows("event-bulk-create", bulk)}
    shop.call("bulk_create_events", one("event-bulk-create-job", attributes=attributes))
    shop.box.advance(60)
    wanted = f'equals(metric_id,"{metric(shop, "Contracted")}")'
    pages = list(shop.pages("get_events", filter=wanted, page_size=2, include=["metric", "profile"]))
    assert [len(page["data"]) for page in pages] == [2, 1]
    assert {thing["type"] for thing in pages[0]["included"]} == {"metric", "profile"}


def metrics(shop: Official) -> None:
    source = metric(shop)
    definition = {"aggregation_method": "count", "metric_groups": [{"metric_id": source, "metric_filters": []}]}
    ident = shop.made("create_custom_metric", one("custom-metric", name="Contract", definition=definition))
    shop.call("update_custom_metric", ident, one("custom-metric", ident, name="Contracted"))
    related = {"metric": to("metric", source)}
    shop.call("update_mapped_metric", "ordered_product", one("mapped-metric", "ordered_product", related=related))
    related = {"custom-metric": to("custom-metric", ident)}
    shop.call("update_mapped_metric", "revenue", one("mapped-metric", "revenue", related=related))
    bounds = ["greater-or-equal(datetime,2026-06-01T00:00:00)", "less-than(datetime,2026-11-01T00:00:00)"]
    asked = {"metric_id": source, "measurements": ["count", "unique"], "filter": bounds, "interval": "month"}
    told = shop.call("query_metric_aggregates", one("metric-aggregate", attributes=asked))["data"]["attributes"]
    assert len(told["dates"]) == len(told["data"][0]["measurements"]["count"])
    doomed = shop.made("create_custom_metric", one("custom-metric", name="Doomed", definition=definition))
    shop.call("delete_custom_metric", doomed)


def reports(shop: Official) -> None:
    conversion = {"conversion_metric_id": metric(shop), "statistics": ["opens", "delivered"], "timeframe": MONTH}
    daily = {"interval": "daily"}
    shop.call("query_campaign_values", one("campaign-values-report", attributes=conversion))
    shop.call("query_flow_values", one("flow-values-report", attributes=conversion))
    shop.call("query_flow_series", one("flow-series-report", attributes=conversion | daily))
    viewed = {"statistics": ["viewed_form"], "timeframe": MONTH}
    shop.call("query_form_values", one("form-values-report", attributes=viewed))
    shop.call("query_form_series", one("form-series-report", attributes=viewed | daily))
    members = {"statistics": ["total_members"], "timeframe": MONTH}
    shop.call("query_segment_values", one("segment-values-report", attributes=members))
    shop.call("query_segment_series", one("segment-series-report", attributes=members | daily))


def tags(shop: Official) -> None:
    group = shop.made("create_tag_group", one("tag-group", name="Contract", exclusive=False))
    shop.call("update_tag_group", group, one("tag-group", group, name="Contracted"))
    ident = shop.made("create_tag", one("tag", name="signed", related={"tag-group": to("tag-group", group)}))
    shop.call("update_tag", ident, one("tag", ident, name="sealed"))
    things = {
        "list": shop.first("get_lists"),
        "segment": shop.first("get_segments"),
        "flow": shop.first("get_flows"),
        "campaign": shop.first("get_campaigns", "equals(messages.channel,'email')"),
    }
    for kind, thing in things.items():
        shop.call(f"tag_{kind}s", ident, many(kind, thing))
        assert shop.call(f"get_{kind}_ids_for_tag", ident)["data"] == many(kind, thing)["data"]
        shop.call(f"remove_tag_from_{kind}s", ident, many(kind, thing))
    shop.call("delete_tag", ident)
    shop.call("delete_tag_group", group)


def small_settings(shop: Official) -> None:
    setting = shop.first("get_tracking_settings")
    shop.call("update_tracking_setting", setting, one("tracking-setting", setting, auto_add_parameters=True))
    review = shop.first("get_reviews")
    shop.call("update_review", review, one("review", review, status={"value": "unpublished"}))


def webhooks(shop: Official) -> None:
    topic = {"webhook-topics": many("webhook-topic", shop.first("get_webhook_topics"))}
    given = {"name": "Hook", "endpoint_url": "https://example.com/hook", "secret_key": "a secret of some length"}
    ident = shop.made("create_webhook", one("webhook", attributes=given, related=topic))
    shop.call("get_webhook", ident, include=["webhook-topics"])
    shop.call("update_webhook", ident, one("webhook", ident, name="Hooked"))
    doomed = shop.made("create_webhook", one("webhook", attributes=given | {"name": "Doomed"}, related=topic))
    shop.call("delete_webhook", doomed)


FLOWS = (events, metrics, reports, tags, small_settings, webhooks)
