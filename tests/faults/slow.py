#!/usr/bin/env python3
"""Slow clients: 200 that drip a byte now and then, in the head or in the body, and some that never read. All are cut
within their deadline and 2 s, while good requests stay quick."""
import socket
import threading
import time

from raw import GOOD, Checks, Listener, ask, read_all, where

HEAD_DRIPS, BODY_DRIPS, READERS, LARGE = 140, 60, 10, 8000000
HEAD = b"GET /v1/lifecycle HTTP/1.1\r\nHost: a\r\nX-Slow: " + b"a" * 10000
BODY = b"POST /v1/lifecycle HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"1" * 10000


class Drip:
    """A connection that sends `start` at once and then one byte at a time."""

    def __init__(self, listener, text, start):
        self.text, self.at, self.lived = text, start, None
        self.socket = listener.connect()
        self.began = time.monotonic()
        self.socket.sendall(text[:start])
        self.socket.setblocking(False)

    def step(self):
        if self.lived is not None:
            return
        try:
            self.socket.send(self.text[self.at:self.at + 1])
            self.at += 1
            is_over = self.socket.recv(1000) == b""
        except BlockingIOError:
            is_over = False
        except OSError:
            is_over = True
        if is_over:
            self.lived = time.monotonic() - self.began
            self.socket.close()


def drip_all(drips, seconds, gaps):
    """One thread for all, so that the good requests beside them meet a slow server and not a busy client. A gap between
    its steps is time in which this machine gave us no processor: nobody's fault, and taken off what is measured."""
    until = last = time.monotonic()
    until += seconds
    while time.monotonic() < until and any(d.lived is None for d in drips):
        for drip in drips:
            drip.step()
        time.sleep(0.2)
        gaps.append(time.monotonic() - last - 0.2)
        last = time.monotonic()


class Reader:
    """Asks for a long answer and never reads it."""

    def __init__(self, listener):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect((listener.host, listener.port))
        self.socket.sendall(b"GET /v1/large?size=%d HTTP/1.1\r\nHost: a\r\n\r\n" % LARGE)

    def was_cut(self):
        raw, closed = read_all(self.socket, 10)
        self.socket.close()
        return closed and len(raw) < LARGE


def p99(listener, count):
    took = []
    for _ in range(count):
        began = time.monotonic()
        if ask(listener, GOOD)[0].status != 200:
            return 999
        took.append(time.monotonic() - began)
        time.sleep(0.01)
    return sorted(took)[int(count * 0.99)]


def main():
    check = Checks()
    header, request = (2.0, 4.0) if not where().startswith("http://") else (10.0, 30.0)
    listener = Listener(where(), "--header-ms", str(int(header * 1000)), "--request-ms", str(int(request * 1000)))
    if listener.front:
        header = 5.0  # client_header_timeout
    alone = p99(listener, 200)
    firsts = [Drip(listener, HEAD, 0) for _ in range(HEAD_DRIPS // 2)]
    heads = [Drip(listener, HEAD, 30) for _ in range(HEAD_DRIPS // 2)]
    bodies = [Drip(listener, BODY, BODY.index(b"1" * 10)) for _ in range(BODY_DRIPS)]
    readers = [Reader(listener) for _ in range(READERS)] if listener.process else []
    gaps = []
    dripping = threading.Thread(target=drip_all, args=(firsts + heads + bodies, request + 10, gaps))
    dripping.start()
    time.sleep(0.5)  # the long answers are made
    besides = p99(listener, 200)
    dripping.join()
    time.sleep(0.5)
    deadlines = [("request line", firsts, header), ("header", heads, header), ("body", bodies, request)]
    if listener.front:  # it keeps bodies until they are whole, however long that takes, and we never meet these
        deadlines.pop()
        check.that("served POST" not in listener.printed(), "no body that drips comes through")
    for name, drips, deadline in deadlines:
        lives = [999 if d.lived is None else d.lived for d in drips]
        print(f"drips in the {name}: cut at {min(lives):.1f} to {max(lives):.1f} s, deadline {deadline:.0f} s")
        check.that(max(lives) <= deadline + 2 + max(gaps), f"{name}: one lived {max(lives):.1f} s")
        check.that(min(lives) >= deadline - 0.5, f"{name}: one was cut at {min(lives):.1f} s")
    kept = [r for r in readers if not r.was_cut()]
    check.that(not kept, f"{len(kept)} that never read got everything")
    print(f"p99 of good requests: {alone * 1000:.1f} ms alone, {besides * 1000:.1f} ms beside them")
    check.that(besides <= max(2 * alone, 0.05), "good requests stay quick")
    check.that(listener.lives(), "alive")
    check.that(listener.stop() == 0, "ends without a complaint")
    check.report()


main()
