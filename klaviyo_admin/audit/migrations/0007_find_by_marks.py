from typing import Any

from django.db import migrations, models

KEPT = (["change_id"], ["object_id", "action", "at"])


def without_old_indexes(_apps: Any, editor: Any) -> None:
    """Drops them one by one: an AlterField would copy the whole log on SQLite, for every column anew."""
    connection = editor.connection
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, "audit_entry")
    for name, facts in there.items():
        if facts["index"] and not facts["primary_key"] and not facts["unique"] and facts["columns"] not in KEPT:
            editor.execute(f'DROP INDEX "{name}"')
    editor.execute("DROP INDEX IF EXISTS audit_words")
    if connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER IF EXISTS audit_entry_words")
        editor.execute("DROP TABLE IF EXISTS audit_words")


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_append_and_words")]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "block", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=20)),
                ("block", models.BigIntegerField()),
                ("names", models.TextField()),
                ("lines", models.BinaryField()),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(without_old_indexes, migrations.RunPython.noop)],
            state_operations=[
                migrations.RemoveIndex(model_name="entry", name="audit_by_account"),
                migrations.AlterField("entry", "action", models.CharField(max_length=40)),
                migrations.AlterField("entry", "at", models.DateTimeField()),
                migrations.AlterField("entry", "object_id", models.TextField(blank=True)),
                migrations.AlterField("entry", "person_id", models.BigIntegerField(null=True)),
            ],
        ),
    ]
