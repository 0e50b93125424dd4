#!/usr/bin/env python3
"""The database is stuck, killed or restarted. Every request is answered within the deadline and a second, those queued
on the same thread too, and service is normal again within two seconds, without a restart of tepaid."""
import concurrent.futures, os, signal, time
from house import Checks, House, wait_until

DEADLINE = 2.0
check = Checks()
house = House(TEPAI_DATABASE_DEADLINE_MS=str(int(DEADLINE * 1000)), TEPAI_THREADS='2', TEPAI_ARGON2_SLOTS='1')
token = house.sign_in('shi.kj')


def ask(_):
    began = time.monotonic()
    status, _body = house.get('/v1/demands?limit=1', token)
    return status, time.monotonic() - began


def volley(count):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


def answered(results, what):
    statuses = [s for s, _ in results]
    longest = max(t for _, t in results)
    check(set(statuses) <= {200, 503}, f'{what}: statuses {sorted(set(statuses))}')
    check(longest <= DEADLINE + 1, f'{what}: an answer took {longest:.1f} s')
    return statuses


def normal_again(what):
    check(wait_until(lambda: house.get('/v1/demands?limit=1', token)[0] == 200, 2, what), what)
    results = volley(12)
    check(all(s == 200 for s, _ in results), f'{what}: all served')


def one_backend_stopped():
    pid = house.backends('tepai_city')[0]
    os.kill(pid, signal.SIGSTOP)
    statuses = answered(volley(20), 'one backend stopped')
    check(200 in statuses, 'threads with other backends go on')
    os.kill(pid, signal.SIGCONT)
    normal_again('after one backend was stopped')


def database_stopped():
    pids = house.children()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    statuses = answered(volley(20), 'the database is stopped')
    check(set(statuses) == {503}, 'nobody is told lies')
    began = time.monotonic()
    again = answered(volley(10), 'the database is still stopped')
    check(set(again) == {503} and time.monotonic() - began < DEADLINE + 1, 'and fast')
    check(house.get('/healthz')[0] == 200, 'the process lives')
    for _ in range(12):  # some threads have not noticed yet
        check(house.get('/readyz', seconds=5)[0] == 503, 'and says that it is not ready')
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    normal_again('after the database went on')


def backend_terminated():
    house.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tepai_city'")
    results = volley(8)
    check(all(s == 200 for s, _ in results), f'a read is sent once more: {[s for s, _ in results]}')


def database_restarted():
    house.pg_ctl('restart', '-m', 'immediate')
    answered(volley(8), 'the database was restarted')
    normal_again('after a restart of the database')


def backend_killed():
    os.kill(house.backends('tepai_city')[0], signal.SIGKILL)
    answered(volley(8), 'a backend was killed')
    check(wait_until(lambda: house.get('/readyz')[0] == 200, 10, 'recovery'), 'the database recovers')
    normal_again('after a backend was killed')


for case in (one_backend_stopped, database_stopped, backend_terminated, database_restarted, backend_killed):
    volley(8)  # every thread has its connection
    case()
check(house.server.poll() is None, 'tepaid is still the same process')
check.report()
