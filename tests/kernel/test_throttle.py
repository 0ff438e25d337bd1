"""Guessing slows down; honest people do not notice."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from civic.kernel.throttle import Throttle, Ticket, Wait

HERE = "203.0.113.7"
QUARTER = 15 * 60


@pytest.fixture
def throttle() -> Throttle:
    return Throttle(b"secret")


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    real, passed = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])

    def move(seconds: float) -> None:
        passed[0] += seconds

    return move


def attempt(throttle: Throttle, account: str, address: str, *, right: bool = False) -> bool:
    """Make one attempt and say whether it was judged at all."""
    match throttle.admit(account, address):
        case Wait():
            return False
        case ticket:
            with ticket:
                if right:
                    ticket.succeeded()
            return True


def test_five_failures_slow_an_account(throttle: Throttle) -> None:
    assert [attempt(throttle, "a", f"10.0.0.{n}") for n in range(7)] == [True] * 5 + [False] * 2
    assert attempt(throttle, "b", HERE)


def test_the_wait_is_told_and_true(throttle: Throttle, pass_time: Callable[[float], None]) -> None:
    attempt(throttle, "a", HERE)
    pass_time(60)
    for _ in range(4):
        attempt(throttle, "a", HERE)
    wait = throttle.admit("a", HERE)
    assert isinstance(wait, Wait)
    assert QUARTER - 62 <= wait.seconds <= QUARTER - 58  # until the oldest failure is forgotten
    pass_time(wait.seconds - 5)
    assert not attempt(throttle, "a", HERE)
    pass_time(6)
    assert attempt(throttle, "a", HERE)
    assert not attempt(throttle, "a", HERE)


def test_refused_attempts_do_not_prolong_the_wait(
    throttle: Throttle, pass_time: Callable[[float], None]
) -> None:
    for _ in range(40):
        attempt(throttle, "a", HERE)
    pass_time(QUARTER + 1)
    assert attempt(throttle, "a", HERE)


def test_a_success_forgives(throttle: Throttle) -> None:
    for _ in range(3):
        assert [attempt(throttle, "a", HERE) for _ in range(4)] == [True] * 4
        assert attempt(throttle, "a", HERE, right=True)


def test_a_hundred_failures_slow_an_address(throttle: Throttle) -> None:
    judged = [attempt(throttle, f"account {n}", HERE) for n in range(110)]
    assert judged == [True] * 100 + [False] * 10
    wait = throttle.admit("somebody else", HERE)
    assert isinstance(wait, Wait)
    assert 0 < wait.seconds <= QUARTER
    assert attempt(throttle, "somebody else", "203.0.113.8")


def test_sixty_neighbours_behind_one_address_pass(throttle: Throttle) -> None:
    with ThreadPoolExecutor(16) as pool:
        judged = pool.map(
            lambda n: attempt(throttle, f"neighbour {n}", HERE, right=True), range(60)
        )
        assert all(judged)
    for n in range(200):
        assert attempt(throttle, f"neighbour {n}", HERE, right=True)


def test_what_is_left_unsaid_is_a_failure(throttle: Throttle) -> None:
    for _ in range(5):
        with pytest.raises(KeyError), _ticket(throttle.admit("a", HERE)):
            raise KeyError
    assert isinstance(throttle.admit("a", HERE), Wait)


def test_a_success_counts_only_inside_the_context(throttle: Throttle) -> None:
    with pytest.raises(RuntimeError, match="context"):
        _ticket(throttle.admit("a", HERE)).succeeded()


def _ticket(answer: Ticket | Wait) -> Ticket:
    assert isinstance(answer, Ticket)
    return answer


@pytest.mark.parametrize("round_", range(5))
def test_guesses_sent_at_once_are_not_all_judged(throttle: Throttle, round_: int) -> None:
    barrier, judged = threading.Barrier(32), []

    def guess(number: int) -> None:
        barrier.wait()
        match throttle.admit(f"victim {round_}", f"10.0.0.{number}"):
            case Ticket() as ticket:
                with ticket:
                    time.sleep(0.02)  # the password is being compared
                    judged.append(number)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(judged) == 5


def test_one_ipv6_subscriber_is_one_address(throttle: Throttle) -> None:
    judged = [attempt(throttle, f"account {n}", f"2001:db8:1:2::{n:x}") for n in range(101)]
    assert judged[-1] is False
    assert attempt(throttle, "x", "2001:db8:1:3::1")
    assert all(attempt(throttle, f"m{n}", f"::ffff:{HERE}") for n in range(100))
    assert not attempt(throttle, "x", HERE)


def test_nothing_is_kept_in_the_clear(throttle: Throttle) -> None:
    attempt(throttle, "13800138000", HERE)
    kept = repr(vars(throttle._windows.storage))
    assert "LIMITER" in kept
    assert "13800138000" not in kept
    assert HERE not in kept


def test_limits_come_from_settings() -> None:
    throttle = Throttle(b"s", account_limit="2 per minute", address_limit="3 per minute")
    assert [attempt(throttle, "a", HERE) for _ in range(3)] == [True, True, False]
    with pytest.raises(ValueError, match="couldn't parse"):
        Throttle(b"s", account_limit="now and then")
