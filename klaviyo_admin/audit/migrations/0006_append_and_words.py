from django.db import migrations

from klaviyo_admin.audit.protection import protect


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_by_object")]

    operations = [
        migrations.RunPython(lambda _apps, editor: protect(editor.connection), migrations.RunPython.noop),
    ]
