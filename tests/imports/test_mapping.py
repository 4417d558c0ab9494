"""Guessed targets of columns, and mappings that cannot be used."""

from klaviyo_admin.areas.sheets.headings import headings_of
from klaviyo_admin.imports.mapping import FIELDS, PROPERTY, Choice, faults, from_json, guess, to_json
from klaviyo_admin.klaviyo.catalogue import operation

KLAVIYO_EXPORT = (
    "Email,Klaviyo ID,First Name,Last Name,Organization,Title,Phone Number,Address,Address 2,City,State / Region,Country,"
    "Zip Code,Latitude,Longitude,Timezone,Source IP,External ID,Image,Locale"
)
READ_ONLY = (
    "Email Marketing Consent,Email Marketing Consent Timestamp,SMS Marketing Consent,Profile Created On,Date Added,Source,"
    "Last Active,Historic Customer Lifetime Value,Predicted Gender,Email Suppressions,Created,Updated"
)


def guessed(line: str, **more: object) -> dict[str, Choice]:
    headings, _ = headings_of(line.split(","))
    return {choice.heading: choice for choice in guess(headings, {}, **more)}


def test_klaviyos_own_export_headings_each_find_their_field() -> None:
    found = guessed(KLAVIYO_EXPORT)
    assert {choice.target for choice in found.values()} == set(FIELDS)
    assert all(choice.label == name for name, choice in found.items())


def test_case_spacing_and_layout_of_a_heading_do_not_matter() -> None:
    for line in ("email,FirstName,last_name", "E-MAIL,first name ,LAST-NAME", "$email,$first_name,$last_name"):
        assert [choice.target for choice in guessed(line).values()] == ["email", "first_name", "last_name"]


def test_what_klaviyo_keeps_itself_is_left_out_with_the_reason() -> None:
    for choice in guessed(READ_ONLY).values():
        assert choice.target == ""
        assert choice.why


def test_any_other_heading_becomes_a_custom_property_of_that_name() -> None:
    assert guessed("Email,Favourite colour")["Favourite colour"] == Choice(
        1, "Favourite colour", PROPERTY, "Favourite colour"
    )


def test_the_second_column_for_one_field_is_left_out_and_says_why() -> None:
    found = guessed("Email,E-mail address")
    assert found["E-mail address"].target == ""
    assert "“Email” already goes to Email" in found["E-mail address"].why


def test_empty_columns_are_left_out() -> None:
    assert guessed("Email,Fax", empty=[1])["Fax"].why == "The column is empty."


def test_the_columns_of_a_file_of_rejected_rows_are_left_out_but_a_line_alone_is_a_property() -> None:
    assert [choice.target for choice in guessed("Email,Line,Problem,Remedy").values()] == ["email", "", "", ""]
    assert guessed("Email,Line")["Line"].target == PROPERTY


def test_two_columns_to_one_target_are_refused_with_both_names() -> None:
    fields = (Choice(0, "Email", "email"), Choice(1, "Work mail", "email"))
    assert any("“Email” and “Work mail” both go to Email" in fault for fault in faults(fields))
    both = (Choice(0, "Email", "email"), Choice(1, "A", PROPERTY, "Plan"), Choice(2, "B", PROPERTY, "Plan"))
    assert any("“A” and “B” both go to custom property “Plan”" in fault for fault in faults(both))


def test_a_mapping_needs_an_identifier_and_names_for_its_properties() -> None:
    assert "No column says who a row is about" in faults((Choice(0, "City", "location.city"),))[0]
    assert "“Plan” a name" in faults((Choice(0, "Email", "email"), Choice(1, "Plan", PROPERTY, " ")))[0]
    assert faults((Choice(0, "ID", "id"),)) == ()


def test_a_mapping_survives_storage() -> None:
    choices = tuple(guessed(KLAVIYO_EXPORT).values())
    assert from_json(to_json(choices)) == choices


def test_the_fields_are_those_of_klaviyos_schema() -> None:
    """Every field is accepted by the operation's schema, which refuses attributes that it does not know."""
    for field in FIELDS.values():
        if field.key == "id":
            continue
        value: object = "x"
        for key in reversed(field.path):
            value = {key: value}
        document = {
            "data": {
                "type": "profile-bulk-import-job",
                "attributes": {"profiles": {"data": [{"type": "profile", "attributes": value}]}},
            }
        }
        assert operation("bulk_import_profiles").faults(document) == (), field.key
