"""How `make bench` makes pgbench's script of what PostgreSQL's log has of a submission."""

from uuid import UUID

from bench.pgbench import DIGEST, NUMBER, PERSON, Known, read_statements, write_script

KNOWN = Known(UUID(int=1), UUID(int=2), "ab" * 32)
LOG = f"""\
2026-11-25 09:18:58.123 UTC [77] LOG:  statement: BEGIN
2026-11-25 09:18:58.124 UTC [78] LOG:  statement: SELECT 'of somebody else'
2026-11-25 09:18:58.125 UTC [77] LOG:  execute _pg3_0: SELECT $2, $1
\tFROM a
2026-11-25 09:18:58.125 UTC [77] DETAIL:  parameters: $1 = '{KNOWN.lottery}', $2 = NULL
2026-11-25 09:18:58.126 UTC [77] LOG:  duration: 0.1 ms
2026-11-25 09:18:58.127 UTC [77] LOG:  statement: SELECT 'it''s $1'
"""


def test_it_reads_what_one_session_executed_with_its_values() -> None:
    assert list(read_statements(LOG, 77)) == [
        "BEGIN",
        f"SELECT NULL, '{KNOWN.lottery}'\nFROM a",
        "SELECT 'it''s $1'",
    ]


def test_each_transaction_is_of_another_participant_with_codes_of_its_own() -> None:
    statements = [
        f"SELECT '{KNOWN.participant}'::uuid, '{KNOWN.participant.hex}'::uuid, '{KNOWN.digest}'",
        f"SELECT '{KNOWN.lottery}', '{UUID(int=3)}', '{'cd' * 32}'",
        f"SELECT '[\"{UUID(int=4).hex}\"]'::json",
    ]
    assert write_script(statements, KNOWN).splitlines() == [
        "\\set person random(1, :people)",
        f"SELECT {PERSON}::uuid, {PERSON}::uuid, {DIGEST};",
        f"SELECT '{KNOWN.lottery}', gen_random_uuid(), '{'cd' * 32}';",
        """SELECT ('["' || gen_random_uuid() || '"]')::json;""",
    ]


def test_the_number_is_the_next_one_of_the_row_that_is_locked() -> None:
    statements = [
        "SELECT ballot_count FROM ballots_ballotbox FOR UPDATE",
        f"""SELECT '{NUMBER}', '[{{"first": {NUMBER}, "it''s": "1{NUMBER}"}}]'""",
    ]
    assert write_script(statements, KNOWN).splitlines()[1:] == [
        "SELECT ballot_count FROM ballots_ballotbox FOR UPDATE \\gset box_",
        "SELECT (:box_ballot_count + 1), "
        f"""('[{{"first": ' || (:box_ballot_count + 1) || ', "it''s": "1{NUMBER}"}}]');""",
    ]
