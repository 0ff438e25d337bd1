"""Messages of plugins: what they fail to say is said by their title, and the inbox is there."""

import pytest

from civic.kernel.messages import careful
from civic.kernel.permissions import Actor
from civic.kernel.plugin import Plugin
from civic.kernel.tell import Kind


def kind(**how):
    standard = {"sentence": lambda values: values["title"], "address": lambda _values: "/c/x/"}
    return Kind(code="said", title="A word", **(standard | how))


def test_a_kind_is_kept_under_the_name_of_its_plugin():
    plugin = Plugin("rental", "civic", title="Rental", api=">=1.0", messages=[kind()])
    (found,) = plugin.messages
    assert found.code == "rental.said"
    assert found.sentence({"title": "Hello"}) == "Hello"
    assert found.address({}) == "/c/x/"


@pytest.mark.parametrize("wrong", ["sentence", "address", "still"])
def test_one_that_fails_shows_its_title_and_leads_home(app, wrong):
    def raises(*_values):
        raise RuntimeError

    found = careful("kinds", kind(**{wrong: raises}))
    told = found.sentence({"title": "Hello"}), found.address({}), found.still(Actor(), {})
    assert (
        told
        == {
            "sentence": ("A word", "/c/x/", True),
            "address": ("Hello", "/", True),
            "still": ("Hello", "/c/x/", False),
        }[wrong]
    )
