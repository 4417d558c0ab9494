"""The function with which PostgreSQL itself puts a line at the end of the chain."""

_TYPES = {"at": "timestamptz", "account_id": "bigint", "person_id": "bigint", "change_id": "bigint", "step": "integer"}
# The columns of a line but its place: what a writer gives.
GIVEN = (
    *("at", "account_id", "account_name", "person_id", "person_name", "action", "change_id", "step", "operation"),
    *("object_type", "object_id", "object_name", "sentence", "detail"),
)


def _value(name: str) -> str:
    if name == "detail":
        return "row -> 'detail'"
    return f"(row ->> '{name}')::{_TYPES[name]}" if name in _TYPES else f"row ->> '{name}'"


# Everything that a writer does while it holds the head, in the server: the fewer trips, the shorter others wait.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_append(head_part text, middle text, tail text)
RETURNS TABLE (number bigint, follows text, fingerprint text) LANGUAGE plpgsql AS $$
DECLARE
  ending audit_head%ROWTYPE;
  row jsonb := ('{{' || head_part || ',' || middle || ',' || tail || '}}')::jsonb;
BEGIN
  SELECT * INTO ending FROM audit_head ORDER BY id LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO audit_head (id, lines, hash) VALUES (1, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
    SELECT * INTO ending FROM audit_head ORDER BY id LIMIT 1 FOR UPDATE;
  END IF;
  number := ending.lines + 1;
  follows := ending.hash;
  fingerprint := encode(sha256(convert_to(
    '{{' || head_part || ',"id":' || number || ',' || middle || ',"previous_hash":"' || follows || '",' || tail || '}}',
    'UTF8')), 'hex');
  INSERT INTO audit_entry (id, previous_hash, hash, {", ".join(GIVEN)})
    VALUES (number, follows, fingerprint, {", ".join(_value(name) for name in GIVEN)});
  UPDATE audit_head SET lines = number, hash = fingerprint WHERE audit_head.id = ending.id;
  RETURN NEXT;
END $$
"""  # noqa: S608 only names from above go in
