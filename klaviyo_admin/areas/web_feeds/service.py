"""The pure builders of changes to web feeds."""

from klaviyo_admin.areas import building
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.words import name

LABELS = {"name": "Name", "url": "Address", "request_method": "Fetched by", "content_type": "What it delivers"}
FEED = Noun("web feed", "web feeds", "web-feed", "get_web_feed", name, LABELS)

start_edit = building.starting(FEED)
edit = building.editing("web_feeds.edit", "update_web_feed", FEED)
create = building.creating("web_feeds.create", "create_web_feed", FEED)
delete = building.deleting("web_feeds.delete", "delete_web_feed", FEED)
