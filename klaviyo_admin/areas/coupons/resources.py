"""Coupons, their codes, and the jobs that add codes in bulk, declared."""

from klaviyo_admin.areas import jobs
from klaviyo_admin.areas.base import Action, Resource, Source, Tab
from klaviyo_admin.areas.coupons import columns as look
from klaviyo_admin.areas.coupons import forms, service
from klaviyo_admin.areas.fields import NoQuestions

SHOP_DECIDES = "The shop has to know the codes too: Klaviyo only hands them out."

COUPONS = Resource(
    key="coupons",
    one="coupon",
    many="coupons",
    type="coupon",
    source=Source("get_coupons", "get_coupon"),
    name=look.name,
    columns=(look.NAME, look.DESCRIPTION, look.WARNS, look.ID),
    tabs=(
        Tab(
            "codes",
            "Codes",
            "get_coupon_codes_for_coupon",
            look.CODES,
            links_to="coupon-codes",
            empty="No codes yet.",
            ids="get_coupon_code_ids_for_coupon",
        ),
        Tab(
            "free",
            "Codes that nobody has",
            "get_coupon_codes",
            look.CODES[:3],
            links_to="coupon-codes",
            empty="None are left. Messages with this coupon have none to show.",
            lazy=True,
            page=service.free,
        ),
    ),
    actions=(
        Action(
            "generate-codes",
            "Generate codes",
            forms.GeneratedCodes,
            service.generate,
            ("bulk_create_coupon_codes",),
            hint=SHOP_DECIDES,
        ),
        Action(
            "add-codes",
            "Add codes from a file",
            forms.ManyCodes,
            service.add_codes,
            ("bulk_create_coupon_codes",),
            hint=SHOP_DECIDES,
        ),
        Action(
            "add-code",
            "Add one code",
            forms.OneCode,
            service.add_code,
            ("create_coupon_code",),
            hint=SHOP_DECIDES,
        ),
        Action("edit", "Edit", forms.EditCoupon, service.edit, ("update_coupon",), start=service.start_edit),
        Action("create", "New coupon", forms.NewCoupon, service.create, ("create_coupon",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete,
            ("delete_coupon",),
            on="many",
            hint="Its codes go with it, and messages that use it have none to show.",
        ),
    ),
)

CODES = Resource(
    key="coupon-codes",
    one="coupon code",
    many="coupon codes",
    type="coupon-code",
    source=Source("", "get_coupon_code", include=("coupon",)),
    name=look.code,
    columns=(look.CODE, look.COUPON, look.STATUS, look.EXPIRES, look.HOLDER, look.ID),
    tabs=(
        Tab(
            "coupon",
            "Coupon",
            "get_coupon_for_coupon_code",
            look.COUPONS,
            links_to="coupons",
            ids="get_coupon_id_for_coupon_code",
        ),
    ),
    actions=(
        Action(
            "change",
            "Status and end",
            forms.ChangeCodes,
            service.change_codes,
            ("update_coupon_code",),
            on="many",
            start=service.start_codes,
            hint="Klaviyo alone is told: the shop decides itself whether it takes a code.",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete_codes,
            ("delete_coupon_code",),
            on="many",
            hint="Klaviyo refuses to delete a code that somebody has.",
        ),
    ),
)

JOBS = jobs.resource(
    "coupon-code-jobs", "Added codes", "get_bulk_create_coupon_code_jobs", "get_bulk_create_coupon_codes_job"
)
