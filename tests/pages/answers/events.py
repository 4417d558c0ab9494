"""Answers to the forms of events."""

ANSWERS = {
    ("events", "record"): {"new_metric": "Visited the shop", "metric": [], "value": "12.5", "currency": "eur"},
    ("events", "record-rows"): {
        "events": "email,metric,time,value,Till\nrobin@example.com,Visited the shop,2026-05-01,12.5,3\n"
        "robin@example.com,Visited the shop,2026-06-01,2,north\n"
    },
}
