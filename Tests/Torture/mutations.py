"""Strange values, and ways to make good ones strange."""

TEXTS = [
    "", " ", "\x00", "a", "0", "-1", "null", "true", "é", "e\u0301", "\u202e", "\ufeff", "\U0001f600" * 3, "日本語の契約", "\ud800",
    "\udfff\ud800", "a" * 300, "ä" * 5000, "%", "%%00", "..", "/../..", "'; DROP TABLE users; --", '"', '""', "\\", "(", ")",
    "* AND NEAR(", "-a -b", '"a b" -c', '"a" ' * 60, "NOT", "OR OR", "<mark>", "\u2028", "\r\nX: y", "9" * 400, "1e999", "{}", "[",
    "a@b", "a@b@c", "ada@example.com", "\u0130\u0131", "ﬁ", "ẞ", "👩‍👩‍👧‍👦", "\u200b", "\u0345" * 50, "a\u0300" * 500, "http://[::1]/",
    "https://example.com/", "https://0x7f.1/", "2026-11-23T20:45:24.120Z", "-271821-04-20T00:00:00Z"]
VALUES = [None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63, -2**63 - 1, 10**40, 0.5, -0.0, 1e308, [], {}, [[]], [None],
          {"": None}, {"a": {"a": {}}}]


def strange_value(rng):
    roll = rng.random()
    if roll < 0.5:
        return rng.choice(TEXTS)
    if roll < 0.85:
        return rng.choice(VALUES)
    if roll < 0.9:
        return "x" * rng.choice([100, 1000, 20_000])
    value = rng.choice(TEXTS)
    for _ in range(rng.choice([5, 70, 600])):
        value = [value] if rng.random() < 0.5 else {"a": value}
    return value


def changed_value(value, rng):
    """The same with one place of it made strange."""
    roll = rng.random()
    if isinstance(value, dict) and value and roll < 0.85:
        copy, key = dict(value), rng.choice(list(value))
        if roll < 0.1:
            del copy[key]
        elif roll < 0.2:
            copy[rng.choice(TEXTS)] = copy.pop(key)
        else:
            copy[key] = changed_value(value[key], rng)
        return copy
    if isinstance(value, list) and value and roll < 0.85:
        place = rng.randrange(len(value))
        times = rng.choice([0, 1, 1, 1, 2, 200])
        return value[:place] + [changed_value(value[place], rng)] * times + value[place + 1:]
    if isinstance(value, str) and value and roll < 0.5:
        place = rng.randrange(len(value))
        return value[:place] + rng.choice(TEXTS)[:50] + value[place + rng.choice([0, 1, 3]):]
    return strange_value(rng)


def changed_bytes(raw, rng, tokens=(), times=(1, 1, 2, 4, 8, 20)):
    """The same with some places of it changed, now and then to one of the format's own tokens."""
    raw = bytearray(raw)
    for _ in range(rng.choice(times)):
        place, roll = rng.randrange(len(raw) + 1), rng.random()
        if roll < 0.2:
            raw[place:place + 1] = bytes([rng.randrange(256)])
        elif roll < 0.3 and place < len(raw):
            raw[place] ^= 1 << rng.randrange(8)
        elif roll < 0.6:
            raw[place:place] = rng.choice(tokens) if tokens else rng.randbytes(rng.choice([1, 4]))
        elif roll < 0.75:
            del raw[place:place + rng.choice([1, 3, 30, 300])]
        elif roll < 0.87:
            raw[place:place] = raw[place:place + rng.choice([4, 40, 400])] * rng.choice([1, 2, 20])
        elif roll < 0.9:
            del raw[place:]
        else:
            raw[place:place + 4] = rng.choice([b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"])
    return bytes(raw)
