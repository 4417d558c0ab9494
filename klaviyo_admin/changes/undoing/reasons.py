"""Which writes have an opposite by name and cannot be taken back all the same; each with the reason, as half a sentence."""

REASONS = {
    "bulk_create_data_source_records": "Klaviyo does not say which records came of it, nor what they were before",
    "cancel_campaign_send": "to send again what was stopped is a decision of its own: propose that",
    "create_data_source_record": "Klaviyo does not say which record came of it, nor what it was before",
    "create_object_schema": "Klaviyo's API cannot delete one version of a schema",
    "create_profile": "a profile only goes by a privacy deletion, which is a decision of its own",
    "delete_flow_action": "Klaviyo's API cannot put a step back into a flow",
    "delete_webhook": "Klaviyo never shows a webhook's secret key, and none is made without one",
    "refresh_campaign_recipient_estimation": "it changed nothing that lasts",
}
