#!/usr/bin/env python3
"""Many clients at once, of every kind: good ones, refused ones, ones that reset in the middle, long answers read
slowly. Each good one gets its own answer. Made for a build with ThreadSanitizer."""
import random
import threading
import time

from raw import GOOD, Checks, Listener, complete, parse, read_all, reset, where

SECONDS, CLIENTS = 8, 24


def good(s, number):
    mark = b"m%d" % number
    s.sendall(b"GET /v1/lifecycle?mark=%s HTTP/1.1\r\nHost: a\r\n\r\n" % mark)
    answer = parse(read_all(s, 10, complete)[0])[0]
    return answer.status == 400 or (answer.status == 200 and b"\"%s\"" % mark in answer.body)


def post(s, number):
    body = b"[" + b" " * random.randrange(200000) + b"%d]" % number
    s.sendall(b"POST /v1/lifecycle HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    return parse(read_all(s, 10, complete)[0])[0].status in (200, 405)


def refused(s, _):
    s.sendall(b"GET //x HTTP/1.1\r\nHost: a\r\n\r\n" + GOOD)
    raw, closed = read_all(s, 10)
    return closed and [a.status for a in parse(raw)] == [400]


def broken(s, _):
    s.sendall(random.choice([GOOD[:20], b"POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nabc", GOOD]))
    reset(s)
    return True


def unread(s, _):
    s.sendall(b"GET /v1/large?size=3000000 HTTP/1.1\r\nHost: a\r\n\r\n")
    s.recv(1000)
    return True


def client(listener, seed, until, results):
    number = seed * 1000000
    while time.monotonic() < until:
        kind = random.choice([good, good, good, post, refused, broken, unread])
        try:
            with listener.connect() as s:
                results.append((kind.__name__, kind(s, number)))
        except (OSError, IndexError) as error:
            results.append((f"{kind.__name__}: {error!r}", False))
        number += 1


def main():
    check = Checks()
    listener = Listener(where())
    results, until = [], time.monotonic() + SECONDS
    clients = [threading.Thread(target=client, args=(listener, i, until, results)) for i in range(CLIENTS)]
    for c in clients:
        c.start()
    for c in clients:
        c.join()
    wrong = [name for name, is_right in results if not is_right]
    check.that(len(results) > 100, f"{len(results)} exchanges")
    check.that(not wrong, f"{len(wrong)} wrong: {wrong[:5]}")
    check.that(listener.lives(), "alive")
    check.that(listener.stop() == 0, "ends without a complaint")
    print(f"{len(results)} exchanges by {CLIENTS} clients")
    check.report()


main()
