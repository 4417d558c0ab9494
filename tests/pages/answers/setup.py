"""Answers to the forms of webhooks, web feeds and tracking settings."""

ANSWERS = {
    ("web-feeds", "edit"): {"url": "https://example.com/other.json"},
    ("webhooks", "create"): {"secret_key": "a secret of one's own"},
    ("webhooks", "edit"): {"name": "Returns", "secret_key": "another secret of one's own"},
    ("tracking-settings", "edit"): (
        {"utm_source_flow-kind": "static", "utm_source_flow-text": "mail"},
        {"utm_campaign_flow-kind": "", "utm_id_campaign-kind": "campaign_id"},
        {
            "custom_parameters-name": ["kx_message", "season", ""],
            "custom_parameters-campaign_kind": ["campaign_name", "static", ""],
            "custom_parameters-campaign_text": ["", "spring", ""],
            "custom_parameters-flow_kind": ["message_name", "", ""],
            "custom_parameters-flow_text": ["", "", ""],
        },
    ),
}
