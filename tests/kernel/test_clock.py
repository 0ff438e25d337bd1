"""Moments, and what clocks on the wall show."""

from datetime import UTC, datetime

from civic.kernel import clock


def test_what_a_form_says_is_a_moment_and_is_shown_as_it_was_said() -> None:
    said = datetime(2026, 3, 1, 7, 30)  # noqa: DTZ001 - as a form takes it
    found = clock.moment_of(said)
    assert found == datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert clock.local(found).replace(tzinfo=None) == said
