"""The fields that Klaviyo itself keeps moving: no comparison takes them for somebody's work. Listed here and nowhere else."""

from klaviyo_admin.klaviyo.values import Json

VOLATILE = frozenset(
    {
        *("created", "created_at", "updated", "updated_at", "last_updated", "last_event_date", "recorded_date"),
        *("profile_count", "is_processing", "predictive_analytics", "screenshot_status", "screenshot_url"),
        *("completed_at", "completed_count", "failed_count", "total_count", "send_times"),
    }
)


def settled(value: Json) -> Json:
    """A value without its volatile members, at every depth."""
    if isinstance(value, dict):
        return {key: settled(part) for key, part in value.items() if key not in VOLATILE}
    if isinstance(value, list):
        return [settled(part) for part in value]
    return value
