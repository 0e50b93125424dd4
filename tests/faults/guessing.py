#!/usr/bin/env python3
"""Somebody guesses one account's password for a whole day, five guesses at a time whenever one is allowed, without
sanitizers. The day takes seconds: what the counters of sign-in remember is made older in the place of every wait. Then
known names are told from unknown ones by the time of an answer, as far as that goes."""
import concurrent.futures, http.client, json, statistics, time
from house import Checks, House, PASSWORD

DAY_S, AT_ONCE, PAIRS = 86400, 5, 100
check = Checks()
house = House(TEPAI_ARGON2_MIB='16', TEPAI_ARGON2_PASSES='2', TEPAI_THREADS='12', TEPAI_ARGON2_SLOTS='6')


def sign_in(name, password):
    """Status, seconds to wait and seconds it took."""
    line = http.client.HTTPConnection('127.0.0.1', house.port, timeout=30)
    began = time.monotonic()
    line.request('POST', '/v1/sessions', json.dumps({'login_name': name, 'password': password}),
                 {'Content-Type': 'application/json'})
    answer = line.getresponse()
    answer.read()
    took = time.monotonic() - began
    line.close()
    return answer.status, int(answer.headers.get('Retry-After') or 0), took


def let_pass(seconds):
    house.run_psql(f"SET session_replication_role = replica; UPDATE app.sign_in_attempt SET at = at - interval '{seconds} s',"
                   f" wait_until = wait_until - interval '{seconds} s'; UPDATE app.account SET"
                   f" locked_until = locked_until - interval '{seconds} s'")


def guess_for_a_day(name):
    """Guesses, how many of them had their password looked at, and the longest wait that was asked for."""
    guesses = looked_at = longest = 0
    began, passed = time.monotonic(), 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        while time.monotonic() - began + passed < DAY_S:
            answers = list(pool.map(lambda n: sign_in(name, f'Wrong-Password-{guesses + n}'), range(AT_ONCE)))
            guesses += AT_ONCE
            looked_at += sum(status == 401 for status, _, _ in answers)
            check({status for status, _, _ in answers} <= {401, 429}, f'answers {answers}')
            waits = [wait for status, wait, _ in answers if status == 429]
            longest = max([longest, *waits])
            if waits:
                let_pass(min(waits))
                passed += min(waits)
    return guesses, looked_at, longest


def times():
    """Seconds of a refusal for names that are known, and for names that are not, in turn."""
    names = house.sql("SELECT login_name FROM app.account WHERE status = 'active' AND locked_until IS NULL"
                      f' ORDER BY login_name LIMIT {PAIRS}').split()
    taken = {True: [], False: []}
    for i, name in enumerate(names):
        for known in (i % 2 == 0, i % 2 != 0):
            status, _, took = sign_in(name if known else f'q{i}{name}'[:len(name)], 'Wrong-Password-1')
            check(status == 401, f'{name}, known {known}: {status}')
            taken[known].append(took * 1000)
    return taken[True], taken[False]


guesses, looked_at, longest = guess_for_a_day('huguan.kj')
check(guesses >= 500, f'{guesses} guesses')
check(90 <= looked_at <= 110, f'{looked_at} passwords were looked at')
check(longest <= 900, f'who comes next is told to wait {longest} s')
sign_in('huguan.kj', 'Wrong-Password-last')
status, wait, _ = sign_in('huguan.kj', PASSWORD)
check(status == 429 and wait <= 900, f'the owner waits: {status}, {wait} s')
let_pass(wait)
check(sign_in('huguan.kj', PASSWORD)[0] == 201, 'the owner comes in after the wait')
known, unknown = times()
apart = abs(statistics.median(known) - statistics.median(unknown))
check(len(known) >= 60, f'{len(known)} known names')
check(apart <= 5, f'known names take {statistics.median(known):.1f} ms, unknown ones {statistics.median(unknown):.1f} ms')
check.report(f'{guesses} guesses, {looked_at} looked at, wait {longest} s, {apart:.2f} ms apart')
