"""What hooks of one page ask is asked once for each page, and anew for the next."""

from flask import Flask

from civic.kernel.once import once_a_request


def test_each_page_asks_once_for_each_of_its_arguments() -> None:
    asked: list[tuple[int, str]] = []

    @once_a_request
    def rows(community: int, *, name: str = "") -> list[str]:
        asked.append((community, name))
        return [name]

    app = Flask(__name__)
    with app.app_context():
        assert rows(1, name="a") is rows(1, name="a")
        assert rows(2, name="a") == ["a"]
        assert rows(2) == [""]
    with app.app_context():
        rows(2)
    assert asked == [(1, "a"), (2, "a"), (2, ""), (2, "")]


def test_two_functions_with_equal_arguments_keep_apart() -> None:
    one, two = once_a_request(lambda: "one"), once_a_request(lambda: "two")
    with Flask(__name__).app_context():
        assert (one(), two(), one()) == ("one", "two", "one")
