"""What the programs of this folder share: a listener to drive, raw sockets, and counted checks.

Each program takes one argument: the base URL of a running service, or the path of echo_server, which it then starts
itself. Checks of what the listener printed are only made on a listener it started. With FRONT=nginx in the environment
a started listener has the shipped nginx in front of it.
"""
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

from front import Front

GOOD = b"GET /v1/lifecycle HTTP/1.1\r\nHost: a\r\n\r\n"
SECOND = b"GET /v1/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def that(self, holds, what):
        if holds:
            self.passed += 1
            return True
        self.failed += 1
        print("FAILED", what, flush=True)
        return False

    def report(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


class Listener:
    """A started echo_server, or a service that runs already."""

    def __init__(self, where, *options):
        self.process = self.front = None
        self.host, self.port = "127.0.0.1", 0
        if where.startswith("http://"):
            host, _, port = where[7:].rstrip("/").rpartition(":")
            self.host, self.port = host.strip("[]"), int(port)
            return
        self.output = tempfile.NamedTemporaryFile("r", suffix=".log")
        self.process = subprocess.Popen([where, *options], stdout=open(self.output.name, "ab"),
                                        stderr=subprocess.STDOUT)
        if "--address" in options:
            self.host = options[options.index("--address") + 1]
        self.port = int(self.wait_for(r"listening (\d+)"))
        if os.environ.get("FRONT") == "nginx":
            self.front = Front(self.port)
            self.own_port, self.host, self.port = self.port, "127.0.0.1", self.front.plain

    def printed(self):
        with open(self.output.name, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_for(self, pattern, seconds=15):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = re.search(pattern, self.printed())
            if found:
                return found.group(1) if found.groups() else found.group(0)
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit(f"the listener never printed {pattern}: {self.printed()[-2000:]}")

    def connect(self, timeout=8):
        return socket.create_connection((self.host, self.port), timeout)

    def lives(self):
        """Answers, and its process did not end."""
        if self.process and self.process.poll() is not None:
            return False
        try:
            return ask(self, GOOD)[0].status in (200, 429)
        except (OSError, IndexError):
            return False

    def stop(self):
        """Exit status of a listener started here; 0 means that no sanitizer complained either."""
        if not self.process:
            return 0
        if self.front:
            self.front.stop()
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "still running after 30 s"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def code(self):
        try:
            return json.loads(self.body).get("code", "")
        except (ValueError, AttributeError):
            return ""


def parse(raw, heads=0):
    """All answers in `raw`; `heads` of them, the first ones, answer HEAD and have no body."""
    answers = []
    while raw:
        head, mark, rest = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.[01] (\d{3}) .*", lines[0])
        if not mark or not found:
            answers.append(Answer(0, {}, raw))
            return answers
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        status = int(found.group(1))
        if status == 100:
            raw = rest
            continue
        size = 0 if heads or status in (204, 304) else int(headers.get("content-length", 0))
        heads = max(0, heads - 1)
        answers.append(Answer(status, headers, rest[:size]))
        raw = rest[size:]
    return answers


def complete(raw):
    answers = parse(raw)
    if not answers or not answers[-1].status:
        return False
    last = answers[-1]
    return len(last.body) == int(last.headers.get("content-length", 0))


def read_all(s, seconds, until=None):
    """Everything until the other end closes, `until(bytes)` holds, or time is over; and whether it closed."""
    raw, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        s.settimeout(max(0.01, end - time.monotonic()))
        try:
            more = s.recv(65536)
        except (TimeoutError, socket.timeout):
            return raw, False
        except ConnectionError:
            return raw, True
        if not more:
            return raw, True
        raw += more
        if until and until(raw):
            return raw, False
    return raw, False


def ask(listener, request, seconds=8):
    """Sends one request and reads one answer."""
    with listener.connect() as s:
        s.sendall(request)
        return parse(read_all(s, seconds, complete)[0])


def reset(s):
    """Closes with linger 0: the other end sees a reset."""
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def where():
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {os.path.basename(sys.argv[0])} BASE | PATH_OF_ECHO_SERVER")
    return sys.argv[1]
