"""What a person must say to change how links are tagged."""

from typing import Any

from django import forms

from klaviyo_admin.areas.fields import ChangedOnlyForm
from klaviyo_admin.areas.tracking_settings.parameters import CustomParametersField, ParameterField


class EditTracking(ChangedOnlyForm):
    """Each parameter has a value for links of campaigns and one for those of flows."""

    auto_add_parameters = forms.BooleanField(
        label="Add these parameters to the links of every e-mail",
        required=False,
        help_text="Off: only where somebody asks for it in a message.",
    )
    utm_source_campaign = ParameterField("campaign", label="Source (utm_source) in campaigns")
    utm_source_flow = ParameterField("flow", label="Source (utm_source) in flows")
    utm_medium_campaign = ParameterField("campaign", label="Medium (utm_medium) in campaigns")
    utm_medium_flow = ParameterField("flow", label="Medium (utm_medium) in flows")
    utm_campaign_campaign = ParameterField("campaign", label="Campaign (utm_campaign) in campaigns", required=False)
    utm_campaign_flow = ParameterField("flow", label="Campaign (utm_campaign) in flows", required=False)
    utm_id_campaign = ParameterField("campaign", label="ID (utm_id) in campaigns", required=False)
    utm_id_flow = ParameterField("flow", label="ID (utm_id) in flows", required=False)
    utm_term_campaign = ParameterField("campaign", label="Term (utm_term) in campaigns", required=False)
    utm_term_flow = ParameterField("flow", label="Term (utm_term) in flows", required=False)
    custom_parameters = CustomParametersField(label="Parameters of your own", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ParameterField | CustomParametersField):  # they carry what they showed themselves
                field.show_hidden_initial = False
