"""Answers to the forms of custom metrics and of the figures that are taken from metrics."""

ANSWERS = {
    ("custom-metrics", "create"): (
        {"name": "Orders", "aggregation_method": "count"},
        {
            "name": "Large orders",
            "aggregation_method": "value",
            "value_property": "$value",
            "property": "$value",
            "condition": "numeric.greater-than",
            "wanted": "99.5",
        },
    ),
    ("custom-metrics", "edit"): ({"name": "Larger orders"}, {"wanted": "200"}),
    ("custom-metrics", "edit-definition"): {"name": "Larger orders"},
    ("mapped-metrics", "map"): {"none": "on"},
}
