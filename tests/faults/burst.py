#!/usr/bin/env python3
"""64 clients at once after a silence: each gets its answer although nothing else happens on the server.

The listener's thread hands a connection to a request thread that may be asleep without any timer. A lost wake-up would
leave that client waiting until somebody else comes, so nobody else comes here; the bound is far above what a busy machine
needs. Between rounds nobody is connected, or the clients stay and are silent: the two ways in which a thread sleeps.
"""
import selectors
import socket
import time

from raw import Checks, Listener, complete, where

REQUEST = b"GET /v1/bench HTTP/1.1\r\nHost: a\r\n\r\n"
CLIENTS, ROUNDS, BOUND = 64, 20, 5
SILENCES = (0.2, 0.5, 1.2)

checks = Checks()
listener = Listener(where(), "--threads", "4")


def arrive():
    """Connects all and sends their requests as the connections come about, without waiting for one another."""
    clients = []
    for _ in range(CLIENTS):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((listener.host, listener.port))
        clients.append(s)
    return clients


def answered(clients):
    """How many got a whole 200 within the bound, and the longest wait of these."""
    began, longest = time.monotonic(), 0.0
    waiting = selectors.DefaultSelector()
    got = {s: b"" for s in clients}
    for s in clients:
        waiting.register(s, selectors.EVENT_WRITE)
    good = 0
    while waiting.get_map() and (left := began + BOUND - time.monotonic()) > 0:
        for key, _ in waiting.select(left):
            s = key.fileobj
            if key.events == selectors.EVENT_WRITE:
                s.send(REQUEST)
                waiting.modify(s, selectors.EVENT_READ)
                continue
            more = s.recv(65536)
            got[s] += more
            if more and not complete(got[s]):
                continue
            good += got[s].startswith(b"HTTP/1.1 200 ")
            longest = time.monotonic() - began
            waiting.unregister(s)
    waiting.close()
    return good, longest


worst, kept = 0.0, []
for n in range(ROUNDS):
    for s in kept:
        s.close()
    time.sleep(SILENCES[n % len(SILENCES)])
    clients = arrive()
    good, longest = answered(clients)
    worst = max(worst, longest)
    checks.that(good == CLIENTS, f"round {n}: {good} of {CLIENTS} answered within {BOUND} s")
    kept = clients if n % 2 else []
    for s in clients if not kept else []:
        s.close()
for s in kept:
    s.close()
checks.that(listener.lives(), "the listener lives")
checks.that(listener.stop() == 0, "the listener ends cleanly")
print(f"{ROUNDS} rounds, longest {worst * 1000:.0f} ms")
checks.report()
