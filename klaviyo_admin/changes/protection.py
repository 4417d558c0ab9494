"""The triggers with which the database itself holds who the author of a change is, and what a policy said.

A constraint compares an approval's person with its copy of the author; these make sure that the copy is true.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_TABLES = {"changes_change", "changes_approval", "changes_policyversion"}
_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS changes_policy_kept BEFORE UPDATE ON changes_policyversion
       BEGIN SELECT RAISE(ABORT, 'A version of a policy never changes.'); END""",
    """CREATE TRIGGER IF NOT EXISTS changes_policy_stays BEFORE DELETE ON changes_policyversion
       BEGIN SELECT RAISE(ABORT, 'A version of a policy is never deleted.'); END""",
    """CREATE TRIGGER IF NOT EXISTS changes_approval_author_insert BEFORE INSERT ON changes_approval
       WHEN NEW.author_id IS NOT (SELECT author_id FROM changes_change WHERE id = NEW.change_id)
       BEGIN SELECT RAISE(ABORT, 'The author on an approval is not the author of its change.'); END""",
    """CREATE TRIGGER IF NOT EXISTS changes_approval_author_update BEFORE UPDATE ON changes_approval
       WHEN NEW.author_id IS NOT (SELECT author_id FROM changes_change WHERE id = NEW.change_id)
       BEGIN SELECT RAISE(ABORT, 'The author on an approval is not the author of its change.'); END""",
    """CREATE TRIGGER IF NOT EXISTS changes_change_author BEFORE UPDATE OF author_id ON changes_change
       WHEN NEW.author_id IS NOT OLD.author_id
       BEGIN SELECT RAISE(ABORT, 'The author of a change never changes.'); END""",
)
_SQLITE_LIFT = tuple(
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        *("changes_approval_author_insert", "changes_approval_author_update", "changes_change_author"),
        *("changes_policy_kept", "changes_policy_stays"),
    )
)
_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION changes_kept_policy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'A version of a policy never changes.' USING ERRCODE = 'check_violation'; END $$""",
    """CREATE OR REPLACE TRIGGER changes_policy_kept BEFORE UPDATE ON changes_policyversion
       FOR EACH ROW EXECUTE FUNCTION changes_kept_policy()""",
    """CREATE OR REPLACE FUNCTION changes_staying_policy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'A version of a policy is never deleted.' USING ERRCODE = 'check_violation'; END $$""",
    """CREATE OR REPLACE TRIGGER changes_policy_stays BEFORE DELETE ON changes_policyversion
       FOR EACH ROW EXECUTE FUNCTION changes_staying_policy()""",
    """CREATE OR REPLACE FUNCTION changes_true_author() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF NEW.author_id IS DISTINCT FROM (SELECT author_id FROM changes_change WHERE id = NEW.change_id) THEN
         RAISE EXCEPTION 'The author on an approval is not the author of its change.' USING ERRCODE = 'check_violation';
       END IF; RETURN NEW; END $$""",
    """CREATE OR REPLACE TRIGGER changes_approval_author BEFORE INSERT OR UPDATE ON changes_approval
       FOR EACH ROW EXECUTE FUNCTION changes_true_author()""",
    """CREATE OR REPLACE FUNCTION changes_same_author() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'The author of a change never changes.' USING ERRCODE = 'check_violation'; END $$""",
    """CREATE OR REPLACE TRIGGER changes_change_author BEFORE UPDATE ON changes_change
       FOR EACH ROW WHEN (NEW.author_id IS DISTINCT FROM OLD.author_id) EXECUTE FUNCTION changes_same_author()""",
)


def protect(connection: BaseDatabaseWrapper) -> None:
    """Puts the triggers in place; harmless where they are there. SQLite and PostgreSQL only."""
    statements = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[connection.vendor]
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)) >= _TABLES:
            return
        for statement in statements:
            cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers away while migrations run; PostgreSQL keeps its own, which survive them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in _SQLITE_LIFT:
                cursor.execute(statement)
