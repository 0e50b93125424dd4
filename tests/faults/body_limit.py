#!/usr/bin/env python3
"""Bodies at the limit: one byte more is refused as a whole and never taken for its first part. By length and in
chunks, with and without Expect."""
from raw import Checks, Listener, complete, parse, read_all, where

MAX = 4 << 20  # BODY_MAX of guard.h
HEAD = b"POST /v1/lifecycle HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


def body_of(size):
    return b"\"" + b"a" * (size - 2) + b"\""


def by_length(body):
    return b"Content-Length: %d\r\n" % len(body), body


def in_chunks(body):
    pieces = [body[i:i + 65000] for i in range(0, len(body), 65000)]
    return b"Transfer-Encoding: chunked\r\n", b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def send(listener, line, body, expects):
    with listener.connect(60) as s:
        s.sendall(HEAD + line + (b"Expect: 100-continue\r\n" if expects else b"") + b"\r\n")
        told = b""
        if expects:
            told, _ = read_all(s, 5, lambda raw: b"\r\n\r\n" in raw)
            s.settimeout(60)  # which read_all() has set to its own
        try:
            s.sendall(body)
        except ConnectionError:
            pass
        raw, closed = read_all(s, 30, complete)
        if not closed:
            more, closed = read_all(s, 1)
            raw += more
        return told, (parse(raw) or [None])[-1], closed


def main():
    check = Checks()
    listener = Listener(where(), "--body", str(MAX))
    for how in (by_length, in_chunks):
        for expects in (False, True):
            for size, fits in ((2, True), (MAX - 1, True), (MAX, True), (MAX + 1, False), (MAX + 70000, False), (5 * MAX, False)):
                told, answer, closed = send(listener, *how(body_of(size)), expects)
                name = f"{how.__name__}, {size} bytes{', Expect' if expects else ''}"
                status = answer.status if answer else None
                # nginx refuses a length that is too great before it is told to continue.
                early = told.startswith(b"HTTP/1.1 413") and listener.front and not fits
                if expects and not early:
                    check.that(told.startswith(b"HTTP/1.1 100"), f"{name}: told to continue")
                if not fits:
                    check.that(early or (status == 413 and closed), f"{name}: 413 and the end, not {status}, {closed}")
                    continue
                check.that(status not in (None, 413) and answer.code != "malformed_request", f"{name}: {status}")
                if listener.process:
                    check.that(b"\"body_size\":%d" % size in answer.body, f"{name}: arrived whole")
    check.that(listener.lives(), "alive")
    check.that(listener.stop() == 0, "ends without a complaint")
    check.report()


main()
