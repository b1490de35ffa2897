"""Each line of a file of settings takes effect, or is named with its number: none is lost."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lottery_site.env_file import Unreadable, read_line, read_settings, write_line

ZONE = "Europe/Amsterdam"
TAKEN = [
    f"TIME_ZONE={ZONE}",
    f"TIME_ZONE = {ZONE}",
    f"TIME_ZONE= {ZONE} ",
    f"  TIME_ZONE={ZONE}",
    f"\tTIME_ZONE\t=\t{ZONE}\t",
    f"TIME_ZONE='{ZONE}'",
    f'TIME_ZONE="{ZONE}"',
    f'TIME_ZONE = "{ZONE}" ',
    f"TIME_ZONE={ZONE} # midnight here",
    f"TIME_ZONE={ZONE}\t#\tmidnight here",
    f"TIME_ZONE={ZONE} ## midnight here",
    f"TIME_ZONE={ZONE} #",
    f"TIME_ZONE='{ZONE}' # midnight here",
    f'TIME_ZONE="{ZONE}" #midnight here',
    f"export TIME_ZONE={ZONE}",
    f"export\tTIME_ZONE = '{ZONE}'",
    f"\ufeffTIME_ZONE={ZONE}",
    f"TIME_ZONE={ZONE}\r\n",
    f"TIME_ZONE={ZONE}\r",
    f"# a comment\r\n\r\n  \t\nTIME_ZONE={ZONE}\r\n#TIME_ZONE=UTC\n",
    f"# \0 “ \xa0 whatever\nTIME_ZONE={ZONE}",
]


@pytest.mark.parametrize("text", TAKEN)
def test_habits_of_people_and_editors_take_effect(tmp_path: Path, text: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(text.encode())
    assert {name: line.value for name, line in read_settings(file).items()} == {"TIME_ZONE": ZONE}


VALUES = [
    ("A=", ""),
    ("A= ", ""),
    ("A=''", ""),
    ('A=""', ""),
    ("A= # nothing", ""),
    ("A=two words", "two words"),
    ("A=a#b", "a#b"),
    ("A=a=b", "a=b"),
    ("A=Bob's lottery", "Bob's lottery"),
    ("A=Bob’s lottery", "Bob’s lottery"),
    (r"A=C:\data", r"C:\data"),
    ("A=100%", "100%"),
    ("A='a $B ${C} $$ # \\ % \" `'", 'a $B ${C} $$ # \\ % " `'),
    ('A="a \\$B # \\\\ % \\" \' `"', "a $B # \\ % \" ' `"),
    ("A='  kept  '", "  kept  "),
    ("A='“quoted”'", "“quoted”"),
    ("A='ü 宝くじ'", "ü 宝くじ"),
    ("_a1=b", "b"),
]


@pytest.mark.parametrize(("line", "value"), VALUES)
def test_a_value_is_what_stands_there(line: str, value: str) -> None:
    found = read_line(line)
    assert found
    assert found[1] == value


REFUSED = [
    ("TIME_ZONE", "NAME=value"),
    ("TIME_ZONE: UTC", "NAME=value"),
    ("set TIME_ZONE=UTC", "NAME=value"),
    ("exportTIME_ZONE UTC", "NAME=value"),
    ("TIME-ZONE=UTC", "NAME=value"),
    ("1TIME=UTC", "NAME=value"),
    ("ZEITZÖNE=UTC", "NAME=value"),
    ("TIME_ZONE＝UTC", "NAME=value"),
    ("=UTC", "NAME=value"),
    ("[settings]", "NAME=value"),
    ("TIME_ZONE+=UTC", "NAME=value"),
    ("// comment", "NAME=value"),
    ("“TIME_ZONE”=UTC", "NAME=value"),
    ("TIME_ZONE=“UTC”", "straight quotes"),
    ("TIME_ZONE=‘UTC’", "straight quotes"),
    ("TIME_ZONE=„UTC“", "straight quotes"),
    ("TIME_ZONE=«UTC»", "straight quotes"),
    ("TIME_ZONE=`UTC`", "straight quotes"),
    ("TIME_ZONE='UTC", "not closed"),
    ("TIME_ZONE='", "not closed"),
    ('TIME_ZONE="UTC', "double quotes"),
    ('TIME_ZONE="UTC\\"', "double quotes"),
    ("TIME_ZONE=UTC'", "in quotes"),
    ('TIME_ZONE=UTC"', "in quotes"),
    ("TIME_ZONE=UTC”", "in quotes"),
    ("TIME_ZONE='UTC' or so", "behind the closing quote"),
    ("TIME_ZONE='UTC'# comment", "behind the closing quote"),
    ("TIME_ZONE='it's'", "behind the closing quote"),
    ("TIME_ZONE=UTC #comment", "space behind the #"),
    ("PASSWORD=horse #1", "space behind the #"),
    ("PASSWORD=#1", "space behind the #"),
    ("PASSWORD=pa$$word", "in quotes"),
    ("DATA_DIR=$HOME/data", "in quotes"),
    ("DATA_DIR=${HOME}/data", "in quotes"),
    ('DATA_DIR="$HOME/data"', "double quotes"),
    ('PASSWORD="a\\b"', "double quotes"),
    ("PASSWORD=first\\", "in quotes"),
    ("TIME_ZONE=\xa0UTC", "U+00A0"),
    ("TIME_ZONE\xa0=UTC", "U+00A0"),
    ("TIME_ZONE='UTC\u200b'", "U+200B"),
    ("TIME_ZONE=UTC\u2028", "U+2028"),
    ("TIME_ZONE=UTC\x0c", "U+000C"),
    ("TIME_ZONE=UTC\x85", "U+0085"),
    ("TIME_ZONE=UTC\0", "U+0000"),
    ("T\0I\0M\0E\0", "U+0000"),
    ("\ufeff\ufeffTIME_ZONE=UTC", "U+FEFF"),
]


@pytest.mark.parametrize(("line", "advice"), REFUSED)
def test_what_could_be_misread_is_named_with_its_line(
    tmp_path: Path, line: str, advice: str
) -> None:
    file = tmp_path / ".env"
    file.write_bytes(f"DEBUG=no\r\n# comment\n\n{line}\nPORT=1\n".encode())
    with pytest.raises(Unreadable) as error:
        read_settings(file)
    said = str(error.value)
    assert said.startswith(f"{file}, line 4: ")
    assert advice in said
    assert "\n" not in said
    assert "UTC" not in said
    assert "word" not in said


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ("PORT=1\n".encode("utf-16"), 1),
        ("PORT=1\n".encode("utf-16-be"), 1),
        ("PORT=1\nPROJECT_NAME=Zürich\n".encode("latin-1"), 2),
        ("DEBUG=no\nPROJECT_NAME=“Z”\n".encode("cp1252"), 2),
        (b"A=1\nB=2\nA=3\n", 3),
        (b"A=1\nA=1\n", 2),
        (b"A='first\nsecond'\n", 1),
        (b"A=1\n\xef\xbb\xbfB=2\n", 2),
    ],
)
def test_encodings_repetitions_and_long_values_are_named_too(
    tmp_path: Path, content: bytes, number: int
) -> None:
    file = tmp_path / ".env"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=rf"\.env, line {number}: [^\n]+$"):
        read_settings(file)


def test_a_folder_or_nothing_at_all_is_named(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "missing", tmp_path / ("x" * 300)):
        with pytest.raises(Unreadable, match=rf"^{file} cannot be read: [^\n]+$"):
            read_settings(file)


PRINTABLE = st.text(st.characters().filter(str.isprintable))


@given(PRINTABLE)
def test_what_is_kept_for_cron_reads_as_it_was(value: str) -> None:
    assert read_line(write_line("NAME", value).removesuffix("\n")) == ("NAME", value)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_whatever_stands_in_a_line_is_read_or_refused(text: str) -> None:
    try:
        found = read_line(text)
    except ValueError:
        return
    assert found or not text.strip(" \t") or text.strip(" \t").startswith("#")


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")
@given(st.text(st.characters(codec="ascii").filter(str.isprintable), max_size=30))
def test_a_shell_reads_the_same_from_double_quotes(value: str) -> None:
    if "`" in value:
        return  # a shell runs it
    line = write_line("NAME", value)
    program = f'{line}printf %s "$NAME"'
    answer = subprocess.run(["sh", "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == value
