from __future__ import annotations

from pathlib import Path

from bot.variables import Variable, read_variables

KNOWN = ("token", "data", "excerpts")
ENV = Path(".env")


def write(text: str, encoding: str = "utf-8") -> Path:
    ENV.write_text(text, encoding=encoding)
    return ENV


def test_the_environment_wins_over_the_file_and_each_tells_where_it_stands() -> None:
    write("WENXUN_DATA=here\nWENXUN_EXCERPTS=2\n")

    variables = read_variables({"WENXUN_DATA": "there"}, ENV, KNOWN)

    assert variables.problems == ()
    assert variables.found == {
        "data": Variable("WENXUN_DATA", "there", "environment"),
        "excerpts": Variable("WENXUN_EXCERPTS", "2", ".env"),
    }
    assert variables.values == {"data": "there", "excerpts": "2"}


def test_an_empty_variable_does_not_hide_the_file() -> None:
    write("WENXUN_DATA=here\n")

    assert read_variables({"WENXUN_DATA": ""}, ENV, KNOWN).values == {"data": "here"}


def test_the_file_need_not_exist() -> None:
    assert read_variables({}, ENV, KNOWN).problems == ()
    assert read_variables({}, None, KNOWN).problems == ()


def test_the_file_may_have_comments_quotes_export_and_other_peoples_lines() -> None:
    write("# a comment\nexport WENXUN_DATA='a b' # another\nCOMPOSE_PROJECT_NAME=x\nWENXUN_TOKEN=\nDEBUG\n")

    variables = read_variables({}, ENV, KNOWN)

    assert variables.problems == ()
    assert variables.values == {"data": "a b"}


def test_a_dollar_is_a_dollar() -> None:
    write("WENXUN_DATA=a${HOME}b\n")

    assert read_variables({}, ENV, KNOWN).values == {"data": "a${HOME}b"}


def test_a_file_saved_with_a_byte_order_mark_is_read() -> None:
    write("WENXUN_DATA=here\n", "utf-8-sig")

    assert read_variables({}, ENV, KNOWN).values == {"data": "here"}


def test_a_file_in_another_encoding_is_told() -> None:
    for encoding in ("gb18030", "utf-16"):
        write("WENXUN_DATA=新闻\n", encoding)
        (problem,) = read_variables({}, ENV, KNOWN).problems
        assert problem == ".env: is not UTF-8 text. Save it again with the encoding UTF-8."


def test_a_folder_in_place_of_the_file_is_told() -> None:
    ENV.mkdir()

    (problem,) = read_variables({}, ENV, KNOWN).problems

    assert problem.startswith(".env: is a folder.")


def test_a_line_that_is_no_setting_is_told_with_its_number() -> None:
    write('WENXUN_DATA=here\n\n= what\nWENXUN_EXCERPTS="3\n')

    problems = read_variables({}, ENV, KNOWN).problems

    assert [problem.partition(": ")[0] for problem in problems] == [".env, line 3", ".env, line 4"]


def test_a_setting_without_its_prefix_is_told() -> None:
    write("TOKEN=x\n")

    (problem,) = read_variables({"TOKEN": "of another program"}, ENV, KNOWN).problems

    assert problem == ".env: TOKEN is not read. Write WENXUN_TOKEN."


def test_an_unknown_name_tells_that_it_stands_in_the_file() -> None:
    write("WENXUN_TOKENS=x\n")

    (problem,) = read_variables({}, ENV, KNOWN).problems

    assert problem == "WENXUN_TOKENS: there is no such setting (in .env). Did you mean WENXUN_TOKEN?"
