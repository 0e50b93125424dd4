#!/usr/bin/env python3
"""Requests that two parsers could read in two ways, over a plain socket: each is refused, the connection ends, and
what was smuggled behind it is never answered. Beside them stand lawful ones and the limits at -1, exact and +1."""
import time

from raw import GOOD, SECOND, Checks, Listener, ask, complete, parse, read_all, where

HOST = b"Host: a\r\n"
PASS, REFUSED = "pass", "refused"  # REFUSED: an error status or a plain end, by the guard or by the library
LIMITS = {413, 414, 431, 505}

# What comes out differently behind nginx: it mends these into lawful requests before it passes them on, or drops the
# line that is none. A request of HTTP/1.0 reaches us as one of 1.1, which needs a Host, and X-Real-IP is one line more.
MENDED = {"coding in other letters", "bracket in a name", "byte 0x80 in a name", "line without a colon", "CR CR LF",
          "bare LF after a header", "bare LF after the request line", "bare LF as the empty line", "bare LF everywhere",
          "blank at the end of the target", "two blanks before the target", "blank after the version", "absolute form",
          "HTTP/1.2", "HTTP/1.10", "two X-Real-IP", "another expectation"}
BEHIND = {"HTTP/1.0 without Host": 400, "64 lines": 431, "header of 16,383 bytes": 431, "header of 16,384 bytes": 431,
          "longest target with longest header": 431}


def get(target=b"/v1/lifecycle", method=b"GET", version=b"HTTP/1.1", headers=HOST):
    return method + b" " + target + b" " + version + b"\r\n" + headers + b"\r\n"


def with_header(line, host=HOST):
    return get(headers=host + line + b"\r\n")


def post(lines, body=b"", version=b"HTTP/1.1"):
    return b"POST /v1/lifecycle " + version + b"\r\n" + HOST + lines + b"\r\n" + body


FIVE, CHUNKS = b"\"abc\"", b"5\r\n\"abc\"\r\n0\r\n\r\n"
LENGTH, CHUNKED = b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"

CASES = [
    ("plain GET", GOOD, PASS),
    ("HEAD", get(method=b"HEAD"), PASS),
    ("HTTP/1.0 without Host", get(version=b"HTTP/1.0", headers=b""), PASS),
    ("empty line before the request line", b"\r\n" + GOOD, PASS),
    ("body by length", post(LENGTH, FIVE), PASS),
    ("body in chunks", post(CHUNKED, CHUNKS), PASS),
    ("chunk extension", post(CHUNKED, b"5;x=y\r\n\"abc\"\r\n0\r\n\r\n"), PASS),
    # where the body ends
    ("length and chunked", post(LENGTH + CHUNKED, CHUNKS), 400),
    ("chunked and length", post(CHUNKED + LENGTH, CHUNKS), 400),
    ("length and chunked in other letters", post(b"content-LENGTH: 5\r\ntransfer-ENCODING: chunked\r\n", CHUNKS), 400),
    ("two equal lengths", post(LENGTH + LENGTH, FIVE), 400),
    ("two different lengths", post(LENGTH + b"Content-Length: 6\r\n", FIVE + b"x"), 400),
    ("two lengths, other letters", post(LENGTH + b"content-length: 5\r\n", FIVE), 400),
    ("length as a list", post(b"Content-Length: 5, 5\r\n", FIVE), REFUSED),
    ("length with a plus", post(b"Content-Length: +5\r\n", FIVE), REFUSED),
    ("length below zero", post(b"Content-Length: -5\r\n", FIVE), REFUSED),
    ("length with a letter", post(b"Content-Length: 5x\r\n", FIVE), REFUSED),
    ("length in hex", post(b"Content-Length: 0x5\r\n", FIVE), REFUSED),
    ("length with a blank inside", post(b"Content-Length: 5 5\r\n", FIVE), REFUSED),
    ("length with a fraction", post(b"Content-Length: 5.0\r\n", FIVE), REFUSED),
    ("empty length", post(b"Content-Length:\r\n", FIVE), REFUSED),
    ("length of 20 digits", post(b"Content-Length: 99999999999999999999\r\n", FIVE), REFUSED),
    ("length of 40 digits", post(b"Content-Length: " + b"9" * 40 + b"\r\n", FIVE), REFUSED),
    ("blank before the colon of the length", post(b"Content-Length : 5\r\n", FIVE), 400),
    ("two codings", post(CHUNKED + CHUNKED, CHUNKS), 400),
    ("coding identity", post(b"Transfer-Encoding: identity\r\n", FIVE), REFUSED),
    ("coding gzip, chunked", post(b"Transfer-Encoding: gzip, chunked\r\n", CHUNKS), REFUSED),
    ("coding chunked, identity", post(b"Transfer-Encoding: chunked, identity\r\n", CHUNKS), REFUSED),
    ("coding xchunked", post(b"Transfer-Encoding: xchunked\r\n", CHUNKS), REFUSED),
    ("coding in other letters", post(b"Transfer-Encoding: Chunked\r\n", CHUNKS), 400),
    ("coding with a vertical tab", post(b"Transfer-Encoding: \x0bchunked\r\n", CHUNKS), REFUSED),
    ("empty coding", post(b"Transfer-Encoding:\r\n", CHUNKS), REFUSED),
    ("chunked with HTTP/1.0", post(CHUNKED, CHUNKS, b"HTTP/1.0"), 400),
    ("blank before the colon of the coding", post(b"Transfer-Encoding : chunked\r\n", CHUNKS), 400),
    ("tab before the colon of the coding", post(b"Transfer-Encoding\t: chunked\r\n", CHUNKS), 400),
    ("chunk size in words", post(CHUNKED, b"zz\r\n\"abc\"\r\n0\r\n\r\n"), REFUSED),
    ("chunk size below zero", post(CHUNKED, b"-5\r\n\"abc\"\r\n0\r\n\r\n"), REFUSED),
    ("chunk size with 0x", post(CHUNKED, b"0x5\r\n\"abc\"\r\n0\r\n\r\n"), REFUSED),
    ("chunk size beyond 64 bits", post(CHUNKED, b"FFFFFFFFFFFFFFFFF\r\n\"abc\"\r\n0\r\n\r\n"), REFUSED),
    ("chunk longer than said", post(CHUNKED, b"3\r\n\"abc\"\r\n0\r\n\r\n"), REFUSED),
    # names
    ("empty name", with_header(b": x"), 400),
    ("blank in a name", with_header(b"A B: c"), 400),
    ("bracket in a name", with_header(b"A(b): c"), 400),
    ("byte 0x80 in a name", with_header(b"A\x80: c"), 400),
    ("control byte in a name", with_header(b"A\x01: c"), 400),
    ("NUL in a name", with_header(b"A\x00B: c"), REFUSED),
    ("line without a colon", with_header(b"Nothing"), 400),
    # values
    ("tab in a value", with_header(b"X: a\tb"), PASS),
    ("blanks around a value", with_header(b"X:   \t a  "), PASS),
    ("no blank before a value", with_header(b"X:a"), PASS),
    ("empty value", with_header(b"X:"), PASS),
    ("empty value after blanks", with_header(b"X:   "), PASS),
    ("byte 0xE4 in a value", with_header(b"X: \xe4"), PASS),
    ("bare CR in a value", with_header(b"X: a\rb"), 400),
    ("CR CR LF", with_header(b"X: a\r"), 400),
    ("control byte in a value", with_header(b"X: a\x01b"), 400),
    ("DEL in a value", with_header(b"X: a\x7fb"), 400),
    ("escape in a value", with_header(b"X: \x1b[31m"), 400),
    ("NUL in a value", with_header(b"X: a\x00b"), 400),
    ("NUL at the end of a value", with_header(b"X: a\x00"), 400),
    ("NUL before a value", with_header(b"X: \x00a"), 400),
    ("NUL made up for by missing blanks", with_header(b"A:b\r\nC:d\r\nE:f\r\nX: a\x00bc"), 400),
    ("header hidden behind a NUL", with_header(b"A:b\r\nC:d\r\nX: a\x00\x00"), 400),
    ("folded line", with_header(b"X: a\r\n b"), 400),
    ("folded line by a tab", with_header(b"X: a\r\n\tb"), 400),
    ("folded line of one blank", with_header(b"X: a\r\n "), 400),
    ("folded first line", get(headers=b" X: a\r\n" + HOST), 400),
    ("folded made up for by missing blanks", with_header(b"A:b\r\nC:d\r\nE:f\r\nG:h\r\nX: a\r\n b"), 400),
    ("folded length", post(b"Content-Length:\r\n 5\r\n", FIVE), REFUSED),
    ("bare LF after a header", get(headers=b"Host: a\nX: b\r\n"), 400),
    ("bare LF after the request line", b"GET /v1/lifecycle HTTP/1.1\nHost: a\r\n\r\n", 400),
    ("bare LF as the empty line", b"GET /v1/lifecycle HTTP/1.1\r\nHost: a\r\n\n", 400),
    ("bare LF everywhere", b"GET /v1/lifecycle HTTP/1.1\nHost: a\n\n", 400),
    # Host
    ("no Host", get(headers=b""), 400),
    ("two equal Hosts", get(headers=HOST + HOST), 400),
    ("two different Hosts", get(headers=HOST + b"host: b\r\n"), 400),
    ("two Hosts with HTTP/1.0", get(version=b"HTTP/1.0", headers=HOST + HOST), 400),
    ("empty Host", get(headers=b"Host:\r\n"), 400),
    ("Host with a blank", get(headers=b"Host: a b\r\n"), 400),
    ("Host as a list", get(headers=b"Host: a, b\r\n"), 400),
    ("Host with a path", get(headers=b"Host: a/b\r\n"), 400),
    ("Host with a user", get(headers=b"Host: u@a\r\n"), 400),
    ("Host with a word for a port", get(headers=b"Host: a:http\r\n"), 400),
    ("Host with a long port", get(headers=b"Host: a:123456\r\n"), 400),
    ("Host open bracket", get(headers=b"Host: [::1\r\n"), 400),
    ("Host with a port", get(headers=b"Host: a.example:8080\r\n"), PASS),
    ("Host in IPv6", get(headers=b"Host: [::1]:8080\r\n"), PASS),
    # target
    ("blank in the target", get(b"/v1/life cycle"), 400),
    ("blank at the end of the target", b"GET /v1/lifecycle  HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("two blanks before the target", b"GET  /v1/lifecycle HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ("blank after the version", b"GET /v1/lifecycle HTTP/1.1 \r\n" + HOST + b"\r\n", 400),
    ("blank before the method", b" GET /v1/lifecycle HTTP/1.1\r\n" + HOST + b"\r\n", REFUSED),
    ("tab in the target", get(b"/v1/life\tcycle"), 400),
    ("NUL in the target", get(b"/v1/lifecycle\x00x"), 400),
    ("NUL in the query", get(b"/v1/lifecycle?a=1\x00&b=2"), 400),
    ("DEL in the target", get(b"/v1/life\x7fcycle"), 400),
    ("byte 0xE4 in the target", get("/v1/中".encode()), 400),
    ("control byte in the target", get(b"/v1/life\x01cycle"), 400),
    ("bare CR in the target", get(b"/v1/life\rcycle"), 400),
    ("absolute form", get(b"http://a/v1/lifecycle"), 400),
    ("asterisk form", get(b"*", b"OPTIONS"), 400),
    ("authority form", get(b"a:80", b"CONNECT"), 400),
    ("no slash at the start", get(b"v1/lifecycle"), 400),
    ("query alone", get(b"?a=1"), 400),
    ("fragment", get(b"/v1/lifecycle#x"), 400),
    ("two slashes", get(b"/v1//lifecycle"), 400),
    ("two slashes at the start", get(b"//v1/lifecycle"), 400),
    ("dot segment", get(b"/v1/./lifecycle"), 400),
    ("two dots", get(b"/v1/x/../lifecycle"), 400),
    ("two dots at the end", get(b"/v1/.."), 400),
    ("semicolon", get(b"/v1/lifecycle;x=1"), 400),
    ("escaped NUL in the path", get(b"/v1/lifecycle%00"), 400),
    ("escaped slash in the path", get(b"/v1%2Flifecycle"), 400),
    ("escaped letter in the path", get(b"/v1/%6cifecycle"), 400),
    ("backslash in the path", get(b"/v1\\lifecycle"), 400),
    # query
    ("question mark alone", get(b"/v1/lifecycle?"), PASS),
    ("parameter twice", get(b"/v1/lifecycle?a=1&a=2"), 400),
    ("parameter twice, one escaped", get(b"/v1/lifecycle?a=1&%61=2"), 400),
    ("parameter without a name", get(b"/v1/lifecycle?=1"), 400),
    ("empty pair", get(b"/v1/lifecycle?a=1&&b=2"), 400),
    ("escaped NUL", get(b"/v1/lifecycle?a=%00"), 400),
    ("escaped line feed", get(b"/v1/lifecycle?a=%0A"), 400),
    ("escaped 0xFF", get(b"/v1/lifecycle?a=%FF"), 400),
    ("overlong UTF-8", get(b"/v1/lifecycle?a=%C0%80"), 400),
    ("surrogate in UTF-8", get(b"/v1/lifecycle?a=%ED%A0%80"), 400),
    ("cut UTF-8", get(b"/v1/lifecycle?a=%E4%B8"), 400),
    ("half an escape", get(b"/v1/lifecycle?a=%2"), 400),
    ("percent alone", get(b"/v1/lifecycle?a=%"), 400),
    ("escape of no digits", get(b"/v1/lifecycle?a=%zz"), 400),
    ("40 parameters", get(b"/v1/lifecycle?" + b"&".join(b"p%d=1" % i for i in range(40))), PASS),
    ("41 parameters", get(b"/v1/lifecycle?" + b"&".join(b"p%d=1" % i for i in range(41))), 400),
    # version and method
    ("HTTP/1.2", get(version=b"HTTP/1.2"), REFUSED),
    ("HTTP/2.0", get(version=b"HTTP/2.0"), REFUSED),
    ("HTTP/0.9", get(version=b"HTTP/0.9"), REFUSED),
    ("HTTP/1.10", get(version=b"HTTP/1.10"), REFUSED),
    ("version in small letters", get(version=b"http/1.1"), REFUSED),
    ("no version", b"GET /v1/lifecycle\r\n" + HOST + b"\r\n", REFUSED),
    ("get", get(method=b"get"), 405),
    ("Post", post(LENGTH, FIVE).replace(b"POST", b"Post"), 405),
    ("TRACE", get(method=b"TRACE"), 405),
    ("CONNECT with a path", get(method=b"CONNECT"), 405),
    ("unknown method", get(method=b"BREW"), 405),
    # headers that count once
    ("two Authorization", with_header(b"Authorization: Bearer a\r\nAuthorization: Bearer b"), 400),
    ("two Authorization, other letters", with_header(b"Authorization: Bearer a\r\nauthorization: Bearer a"), 400),
    ("two Content-Type", with_header(b"Content-Type: a/b\r\nContent-Type: a/b"), 400),
    ("two Content-Digest", with_header(b"Content-Digest: a\r\nCONTENT-DIGEST: a"), 400),
    ("two Idempotency-Key", with_header(b"Idempotency-Key: a\r\nIdempotency-Key: a"), 400),
    ("two If-Match", with_header(b"If-Match: \"1\"\r\nIf-Match: \"1\""), 400),
    ("two If-None-Match", with_header(b"If-None-Match: \"1\"\r\nIf-None-Match: \"1\""), 400),
    ("two X-Real-IP", with_header(b"X-Real-IP: 1.1.1.1\r\nx-real-ip: 1.1.1.2"), 400),
    ("two traceparent", with_header(b"traceparent: a\r\ntraceparent: a"), 400),
    ("two Capability-Token", with_header(b"Capability-Token: a\r\nCapability-Token: a"), 400),
    ("Authorization and Capability-Token", with_header(b"Authorization: a\r\nCapability-Token: a"), 400),
    ("two Accept", with_header(b"Accept: a/b\r\nAccept: c/d"), PASS),
    ("two Cookie", with_header(b"Cookie: a=b\r\nCookie: c=d"), PASS),
    ("another expectation", with_header(b"Expect: 200-ok"), 400),
    ("Expect: 100-continue", post(LENGTH + b"Expect: 100-continue\r\n", FIVE), PASS),
    # limits
    ("target of 8191 bytes", get(b"/" + b"x" * 8190), PASS),
    ("target of 8192 bytes", get(b"/" + b"x" * 8191), PASS),
    ("target of 8193 bytes", get(b"/" + b"x" * 8192), 414),
    ("target of 40,000 bytes", get(b"/" + b"x" * 39999), 414),
    ("63 lines", with_header(b"\r\n".join(b"X%d: 1" % i for i in range(62))), PASS),
    ("64 lines", with_header(b"\r\n".join(b"X%d: 1" % i for i in range(63))), PASS),
    ("65 lines", with_header(b"\r\n".join(b"X%d: 1" % i for i in range(64))), 431),
    ("1,000 lines", with_header(b"\r\n".join(b"X%d: 1" % i for i in range(999))), 431),
    # "Host: a" and "X: " with three ends of line are 16 bytes
    ("header of 16,383 bytes", with_header(b"X: " + b"x" * 16367), PASS),
    ("header of 16,384 bytes", with_header(b"X: " + b"x" * 16368), PASS),
    ("header of 16,385 bytes", with_header(b"X: " + b"x" * 16369), 431),
    ("header of 40,000 bytes", with_header(b"X: " + b"x" * 39984), 431),
    ("longest target with longest header", get(b"/" + b"x" * 8191, headers=HOST + b"X: " + b"x" * 16368 + b"\r\n"), PASS),
]


def is_through(answers):
    """The guard let it pass: whatever a later stop says is no matter here."""
    last = answers[0] if answers else None
    return bool(last) and last.status not in LIMITS | {0} and last.code != "malformed_request"


def judge_behind(check, listener, name, request, wanted):
    """Through nginx: the same verdict, or a request that was mended. The lawful request behind it may be answered, but
    the service never sees more requests than nginx passed on."""
    wanted = BEHIND.get(name, PASS if name in MENDED else wanted)
    seen, passed_on = listener.printed().count("served "), listener.front.passed_on()
    with listener.connect() as s:
        s.sendall(request if wanted == PASS else request + SECOND)
        raw, _ = read_all(s, 12, complete if wanted == PASS else lambda got: len(parse(got)) > 1 and complete(got))
    answers = parse(raw, 1 if request.startswith(b"HEAD") else 0)
    if wanted == PASS:
        check.that(is_through(answers), f"{name}: let through, not {raw[:200]}")
    else:
        # An answer to HTTP/0.9 is a body alone.
        is_right = not answers or 400 <= answers[0].status <= 505 and answers[0].status not in (500, 502, 503, 504)
        check.that(is_right or answers[0].code == "malformed_request", f"{name}: {wanted}, not {raw[:300]}")
    check.that(len(answers) <= 2, f"{name}: at most two answers, not {raw[:600]}")
    seen, until = listener.printed().count("served ") - seen, time.monotonic() + 2
    while listener.front.passed_on() - passed_on < seen and time.monotonic() < until:
        time.sleep(0.01)  # nginx logs after it has answered
    passed_on = listener.front.passed_on() - passed_on
    check.that(seen <= passed_on, f"{name}: {seen} requests seen, {passed_on} passed on")


def judge(check, listener, name, request, wanted):
    with listener.connect() as s:
        try:
            s.sendall(request if wanted == PASS else request + SECOND)
        except ConnectionError:
            pass
        raw, closed = read_all(s, 40, complete if wanted == PASS else None)
    answers = parse(raw, 1 if request.startswith(b"HEAD") else 0)
    if wanted == PASS:
        return check.that(is_through(answers), f"{name}: let through, not {raw[:200]}")
    told = answers[0].status if answers else None
    is_right = told == wanted if wanted != REFUSED else told is None or told >= 400
    check.that(is_right, f"{name}: {wanted}, not {raw[:300]}")
    check.that(closed and raw.count(b"HTTP/1.") <= 1, f"{name}: one answer and the end, not {raw[:600]}")


def check_pipelines(check, listener):
    bad = get(b"//")
    with listener.connect() as s:
        s.sendall(GOOD * 20)
        raw, _ = read_all(s, 10, lambda got: len(parse(got)) == 20 and complete(got))
        check.that([a.status for a in parse(raw)] == [200] * 20, "20 requests at once: 20 answers in order")
    with listener.connect() as s:
        s.sendall(GOOD + bad + SECOND)
        raw, closed = read_all(s, 10, (lambda got: len(parse(got)) == 3 and complete(got)) if listener.front else None)
        statuses = [a.status for a in parse(raw)]
        if listener.front:  # it answers each by itself
            check.that(statuses == [200, 400, 200], f"each request of a pipeline has its answer: {statuses}")
        else:
            check.that(statuses == [200, 400] and closed, "nothing is answered after a refusal")
    with listener.connect() as s:
        for byte in GOOD:
            s.sendall(bytes([byte]))
        raw, _ = read_all(s, 10, complete)
        check.that(is_through(parse(raw)), "a request byte by byte")


def main():
    check = Checks()
    listener = Listener(where(), "--header-ms", "2000", "--request-ms", "2000")
    began = time.monotonic()
    for case in CASES:
        (judge_behind if listener.front else judge)(check, listener, *case)
        check.that(listener.lives(), f"{case[0]}: the service lives")
    check_pipelines(check, listener)
    check.that(len(ask(listener, GOOD)) == 1, "still answers")
    if listener.process and not listener.front:
        check.that("smuggled" not in listener.printed(), "no smuggled request was served")
    check.that(listener.stop() == 0, "ends without a complaint")
    print(f"{len(CASES)} cases in {time.monotonic() - began:.1f} s")
    check.report()


main()
