"""Renders templates in the language of Klaviyo's messages (Django's, with tags of its own), reaching only plain values."""

from klaviyo_admin.sandbox.rendering.faults import BadTemplate
from klaviyo_admin.sandbox.rendering.templates import render

__all__ = ["BadTemplate", "render"]
