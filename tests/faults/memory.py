#!/usr/bin/env python3
"""What was freed does not count against the budget. Unfinished bodies wait in memory: 300 clients each send all but the
last byte of the largest body. The oldest are cut near the budget, the process stays within it, and good requests, each
of which begins before a body and ends after it, are answered all the time.
`memory.py PATH_OF_ECHO_SERVER`: a build without sanitizers, for they need memory of their own."""
import time

from raw import GOOD, Checks, Listener, complete, parse, read_all, where

BUDGET_MIB, CLIENTS, MAX = 160, 300, 4 << 20
LINE, REST = GOOD[:-2], GOOD[-2:]
HEAD = b"POST /v1/lifecycle HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % MAX


def resident_mib(listener):
    with open(f"/proc/{listener.process.pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
    return 0


def is_answered(good):
    """The rest of a request is sent, and its answer read."""
    with good:
        try:
            good.sendall(REST)
        except OSError:
            return False
        return [answer.status for answer in parse(read_all(good, 8, complete)[0])] == [200]


def main():
    check = Checks()
    listener = Listener(where(), "--budget-mib", str(BUDGET_MIB), "--freed-mib", str(BUDGET_MIB))
    until = time.monotonic() + 10
    while resident_mib(listener) > BUDGET_MIB / 2 and time.monotonic() < until:
        time.sleep(0.02)
    check.that(resident_mib(listener) <= BUDGET_MIB / 2, "freed memory is given back to the system")
    clients, most, unanswered, cut = [], 0, 0, 0
    for _ in range(CLIENTS):
        good = listener.connect()
        good.sendall(LINE)
        clients.append(listener.connect())
        try:
            clients[-1].sendall(HEAD + b" " * (MAX - 1))
        except OSError:
            cut += 1
        most = max(most, resident_mib(listener))
        unanswered += not is_answered(good)
    time.sleep(0.5)
    for client in clients:
        client.setblocking(False)
        try:
            cut += client.recv(1) == b""
        except BlockingIOError:
            pass
        except OSError:
            cut += 1
        client.close()
    print(f"{CLIENTS} bodies of 4 MiB, {cut} cut, at most {most} MiB resident of {BUDGET_MIB}")
    check.that(most <= BUDGET_MIB, "within the budget")
    check.that(cut > 0 and "memory_short" in listener.printed(), "the oldest were cut, and the log says so")
    check.that(unanswered == 0, f"good requests were answered, {unanswered} not")
    check.that(listener.stop() == 0, "ends without a complaint")
    check.report()


main()
