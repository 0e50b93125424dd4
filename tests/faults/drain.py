#!/usr/bin/env python3
"""Stopping: what runs is finished, new clients are refused at once, the process ends in time. Then rolling restarts of
two instances under load: no request is lost. `drain.py PATH_OF_ECHO_SERVER`; rounds by the variable ROUNDS."""
import os
import socket
import threading
import time

from raw import Checks, Listener, complete, parse, read_all, where

ROUNDS, CLIENTS = int(os.environ.get("ROUNDS", "10")), 8


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(path):
    return b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n"


def check_running_request(check):
    listener = Listener(where())
    with listener.connect() as running, listener.connect() as unused:
        running.sendall(get(b"/v1/slow?ms=1500"))
        time.sleep(0.3)
        began = time.monotonic()
        listener.process.terminate()
        time.sleep(0.2)
        try:
            listener.connect(1).close()
            refused = False
        except OSError:
            refused = True
        check.that(refused, "new clients are refused")
        answer = (parse(read_all(running, 10, complete)[0]) or [None])[0]
        check.that(answer and answer.status == 200, "the running request is answered")
        check.that(answer and answer.headers.get("connection") == "close", "and its connection closed")
        unused.close()
        check.that(listener.process.wait(15) == 0, "ends without a complaint")
        print(f"drained in {time.monotonic() - began:.2f} s")
        check.that(time.monotonic() - began < 3, "as soon as it was answered")


def check_held_connections(check):
    listener = Listener(where(), "--drain-ms", "1500")
    with listener.connect() as idle, listener.connect() as half:
        half.sendall(b"GET /v1/x HTTP/1.1\r\nHo")
        idle.sendall(get(b"/v1/x"))
        read_all(idle, 5, complete)
        began = time.monotonic()
        check.that(listener.stop() == 0, "ends without a complaint, connections held")
        took = time.monotonic() - began
        check.that(1.4 < took < 3, f"after the time for draining, not {took:.1f} s")


class Client(threading.Thread):
    """Sends to either instance: a refused connection goes to the other one, a broken one is a failure."""

    def __init__(self, ports, keeps):
        super().__init__()
        self.ports, self.keeps, self.is_over = ports, keeps, False
        self.done, self.failures = 0, []

    def connect(self):
        for attempt in range(2000):
            try:
                return socket.create_connection(("127.0.0.1", self.ports[attempt % 2]), 10)
            except ConnectionRefusedError:
                time.sleep(0.001)
        raise OSError("no instance listens")

    def run(self):
        s = None
        while not self.is_over:
            try:
                s = s or self.connect()
                s.sendall(get(b"/v1/slow?ms=3"))
                answer = parse(read_all(s, 10, complete)[0])[0]
                if answer.status != 200:
                    self.failures.append(answer.status)
                self.done += 1
            except (OSError, IndexError) as error:
                self.failures.append(repr(error))
                s = None
                continue
            if not self.keeps or answer.headers.get("connection") == "close":
                s.close()
                s = None
        if s:
            s.close()


def check_rolling(check):
    ports = [free_port(), free_port()]
    running = [Listener(where(), "--port", str(p)) for p in ports]
    clients = [Client(ports if i % 2 else ports[::-1], i % 4 < 2) for i in range(CLIENTS)]
    for c in clients:
        c.start()
    longest, statuses = 0, []
    for round_ in range(ROUNDS * 2):
        time.sleep(0.1)
        began = time.monotonic()
        statuses.append(running[round_ % 2].stop())
        longest = max(longest, time.monotonic() - began)
        running[round_ % 2] = Listener(where(), "--port", str(ports[round_ % 2]))
    for c in clients:
        c.is_over = True
        c.join()
    statuses += [listener.stop() for listener in running]
    failures = [f for c in clients for f in c.failures]
    print(f"{ROUNDS} rolling restarts, {sum(c.done for c in clients)} requests, {len(failures)} failed, "
          f"longest stop {longest:.2f} s")
    check.that(not failures, f"failed: {failures[:5]}")
    check.that(set(statuses) == {0}, f"exit statuses {set(statuses)}")
    check.that(longest <= 10, "each stop within 10 s")


def main():
    check = Checks()
    if where().startswith("http://"):
        raise SystemExit("drain.py starts and stops its own listeners: give it the path of echo_server")
    check_running_request(check)
    check_held_connections(check)
    check_rolling(check)
    check.report()


main()
