#!/usr/bin/env python3
"""The client's address: IPv4 and IPv6 peers as they are, and a forged X-Real-IP of a stranger changes nothing. Run it
on a build with sanitizers: the framework's own copy of an IPv6 address is too short to read."""
import json
import socket

from raw import Checks, Listener, ask, where


def request(more=b""):
    return b"GET /v1/lifecycle HTTP/1.1\r\nHost: a\r\n" + more + b"\r\n"


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


def check_on(check, address):
    listener = Listener(where(), "--address", address)
    for more in (b"", b"X-Real-IP: 9.9.9.9\r\n", b"X-Real-IP: ::2\r\n", b"X-Forwarded-For: 9.9.9.9\r\n"):
        answer = ask(listener, request(more))[0]
        check.that(answer.status == 200, f"{address} {more}: {answer.status}")
        if listener.process:
            check.that(json.loads(answer.body)["peer"] == address, f"{address} {more}: {answer.body}")
    answer = ask(listener, request(b"X-Real-IP: 9.9.9.9\r\nX-REAL-IP: 9.9.9.8\r\n"))[0]
    check.that(answer.status == 400, f"{address}: two X-Real-IP")
    check.that(listener.stop() == 0, "ends without a complaint")


def main():
    check = Checks()
    if where().startswith("http://"):
        check_on(check, "the running service")
        check.report()
    check_on(check, "127.0.0.1")
    if has_ipv6():
        check_on(check, "::1")
    else:
        print("no IPv6 on this machine")
    check.report()


main()
