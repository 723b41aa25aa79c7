import pytest

from cnnlib.talks import remote
from cnnlib.talks.remote import EXPIRES_S, Remotes


@pytest.fixture
def remotes():
    return Remotes()


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(remote.time, "time", lambda: Clock.now)
    return Clock


def test_two_speakers_with_the_code_drive_one_projector(remotes, clock):
    projector = remotes.open("lecture", 3, elapsed_s=60)
    code = projector.code
    first, second = remotes.find(code, "a"), remotes.find(f" {code[:3]} {code[3:].lower()}", "b")
    assert first is second is projector
    assert first.started == 940
    remotes.ask(first, 4)
    remotes.ask(second, 4)
    channel = remotes.here(projector.window, "lecture", 4)
    assert (channel.wanted, channel.serial, channel.beat) == (4, 2, 4)
    remotes.ask(first, 4, blank=True)
    assert channel.blank
    remotes.ask(first, 5)
    assert not channel.blank


def test_codes_differ_and_can_be_read_aloud(remotes):
    codes = {remotes.open("lecture", 1).code for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 6 and not set(code) & set("0O1I") for code in codes)


def test_a_code_expires_when_its_projector_is_gone(remotes, clock):
    projector = remotes.open("lecture", 1)
    code, window = projector.code, projector.window
    clock.now += EXPIRES_S - 1
    remotes.here(window, "lecture", 2)
    clock.now += EXPIRES_S - 1
    assert remotes.find(code, "a").beat == 2
    assert remotes.lasts(projector)
    clock.now += 2
    assert not remotes.lasts(projector)
    with pytest.raises(ValueError, match="expired"):
        remotes.find(code, "a")
    assert remotes.here(window, "lecture", 2) is None
    assert remotes.get(window) is None


def test_a_code_is_no_projectors_own_name(remotes):
    """Names must be longer than codes, because they may be tried without limit."""
    projector = remotes.open("lecture", 1)
    assert remotes.get(projector.code) is None
    assert remotes.here(projector.code, "lecture", 9) is None
    assert projector.beat == 1
    assert len(projector.window) >= 16
    with pytest.raises(ValueError, match="no projector"):
        remotes.find(projector.window, "a")


def test_who_guesses_is_soon_refused_even_with_the_right_code(remotes, clock):
    code = remotes.open("lecture", 1).code
    for _ in range(10):
        with pytest.raises(ValueError, match="no projector"):
            remotes.find("GUESS2", "a")
    with pytest.raises(ValueError, match="too many"):
        remotes.find(code, "a")
    assert remotes.find(code, "b").code == code
    clock.now += 61
    assert remotes.find(code, "a").code == code


def test_made_up_browsers_of_one_address_are_slowed_and_nobody_else_is(remotes, clock):
    code, told = remotes.open("lecture", 1).code, []
    for guesser in range(220):
        with pytest.raises(ValueError, match="code") as refused:
            remotes.find("GUESS2", str(guesser), "10.0.0.1")
        told.append(str(refused.value).startswith("many wrong codes come from your address"))
        clock.now += 0.01
    assert told[60:].count(False) == 4
    assert remotes.find(code, "lecturer", "10.0.0.2").code == code
    with pytest.raises(ValueError, match="from your address: type it again"):
        remotes.find(code, "same hall", "10.0.0.1")
    clock.now += 0.5
    assert remotes.find(code, "same hall", "10.0.0.1").code == code


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(remote, "MOST_OF_ADDRESS", 3)
    monkeypatch.setattr(remote, "MOST", 5)


def listening(channel):
    channel.ears = [lambda: None]
    return channel


def test_windows_that_are_gone_make_way_and_those_that_listen_stay(remotes, clock, few):
    def opened(address):
        clock.now += 1
        return remotes.open("lecture", 1, address=address)

    honest = listening(opened("10.0.0.2"))
    made_up = [opened("10.0.0.1") for _ in range(3)]
    newest = opened("10.0.0.1")  # takes the place of the oldest of its own address
    assert [remotes.get(one.window) for one in made_up] == [None, *made_up[1:]]
    opened("10.0.0.3")  # the fifth in all
    opened("10.0.0.4")  # whoever holds most makes way
    assert remotes.get(made_up[1].window) is None
    assert remotes.get(newest.window) is newest
    assert remotes.find(honest.code, "lecturer") is honest


@pytest.mark.parametrize(
    ("hosts", "told"),
    [("1111", "your address holds 3 projectors"), ("112345", "5 projectors are open here")],
)
def test_a_projector_is_refused_where_all_others_listen_until_one_leaves(remotes, few, hosts, told):
    *held, last = (f"10.0.0.{host}" for host in hosts)
    channels = [listening(remotes.open("lecture", 1, address=address)) for address in held]
    with pytest.raises(ValueError, match=f"{told}: close one of them, or try again in a while"):
        remotes.open("lecture", 1, address=last)
    channels[0].ears = []
    assert remotes.open("lecture", 1, address=last)
