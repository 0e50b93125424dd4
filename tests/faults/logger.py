#!/usr/bin/env python3
"""A client's text must never be a format: paths with escaped printf conversions, by clients that reset before the
answer is out. The process lives, and the log quotes no path."""
import json
import time

from raw import GOOD, Checks, Listener, ask, reset, where

PATHS = [b"/v1/lifecycle", b"/v1/units", b"/v1/demands/x", b"/healthz", b"/v1/nothing", b"/v1/large"]
CONVERSIONS = [b"%25s%25s%25s%25s", b"%25n%25n", b"%25999999d", b"%2525n", b"%25%00n", b"%s%s%n"]


def get(path):
    return b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n"


def attack(listener, path, wait):
    try:
        with listener.connect() as s:
            s.sendall(get(path) * 4)
            time.sleep(wait)
            reset(s)
    except OSError:
        pass


def main():
    check = Checks()
    listener = Listener(where())
    for path in PATHS:
        for conversion in CONVERSIONS:
            for target in (path + b"/" + conversion, path + b"?x=" + conversion, path + b"?size=4000000&" + conversion):
                attack(listener, target, 0)
                attack(listener, target, 0.002)
        check.that(listener.lives(), f"alive after {path}")
    attack(listener, b"/v1/large?size=9000000", 0.01)
    check.that(ask(listener, GOOD)[0].status == 200, "the next request is answered")
    if listener.process:
        time.sleep(0.5)
        lines = [line for line in listener.printed().splitlines() if line.startswith("{")]
        check.that("request for" in listener.printed(), "an answer that could not be sent was logged")
        check.that(all(isinstance(json.loads(line), dict) for line in lines), "each line is JSON")
        quoting = [line for line in lines if "/v1/" in line or "%25" in line]
        check.that(not quoting, f"no line quotes a path: {quoting[:3]}")
    check.that(listener.stop() == 0, "ends without a complaint")
    check.report()


main()
