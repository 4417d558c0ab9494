"""Answers to the forms of coupons and their codes."""

from collections.abc import Mapping

ANSWERS: Mapping[tuple[str, str], object] = {
    ("coupons", "generate-codes"): {"number": "12", "begins": "SPRING-", "length": "8"},
    ("coupons", "add-codes"): {"rows": "code,good until\nSPRING1,2027-03-31\nSPRING2,"},
    ("coupons", "add-code"): {"unique_code": "SPRING3"},
    ("coupons", "create"): {"external_id": "SPRING", "description": "10 % off", "threshold": "100"},
    ("coupons", "edit"): {"description": "20 % off", "threshold": "300"},
    ("coupon-codes", "change"): {"expires_at": "2027-06-30T12:00", "status": "USED"},
}
