"""Klaviyo Admin: safe change to a Klaviyo account, by proposal, approval and proof."""
