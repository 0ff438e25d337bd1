"""Check the data by which homes are allotted, when the plugin is loaded (pure)."""

import re
from collections.abc import Mapping
from typing import Any


def check(rules: Mapping[str, Any], homes: Mapping[str, Any]) -> None:
    """Refuse data that no allotment could go by.

    :param rules: `allocation.toml`; `homes` is `homes.toml`, which names the tiers.
    :raises ValueError: with a sentence that says what to mend.
    """
    codes = {name: [row["code"] for row in rules[name]] for name in ("claim", "tier", "source")}
    for name, found in codes.items():
        _must(len(set(found)) == len(found), f"a code of “{name}” stands there twice")
    _must(
        codes["tier"] == [row["code"] for row in homes["tier"]],
        "tiers are those of homes.toml, in their order",
    )
    for tier in rules["tier"]:
        unknown = set(tier["claims"]) - set(codes["claim"])
        _must(not unknown, f"tier “{tier['code']}” needs claims that there are not: {unknown}")
    last = rules["tier"][-1]
    _must(last["claims"] == [] and not last["quota"], "the last tier takes everybody")
    for source in rules["source"]:
        fits = re.fullmatch(source["pattern"], source["example"])
        _must(fits is not None, f"the example of “{source['code']}” does not fit its pattern")
    for name in ("offer_hours", "reserve", "most_waiting"):
        _must(type(rules[name]) is int and rules[name] >= 1, f"{name} is a number of at least 1")


def _must(holds: bool, sentence: str) -> None:  # noqa: FBT001 - what has to hold
    if not holds:
        message = f"allocation.toml: {sentence}"
        raise ValueError(message)
