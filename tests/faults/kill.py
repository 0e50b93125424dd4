#!/usr/bin/env python3
"""Clients write and note what was acknowledged while the server, backends and the whole database are killed, stopped and
restarted under them. Afterwards everything acknowledged is there, whatever was sent again is there once, and every law
holds. LONG=1: 32 clients, 200 kills of the server and 100 faults of the database instead of 8, 5 and 5."""
import json, os, random, signal, threading, time, uuid
from house import Checks, House, wait_until

LONG = os.environ.get('LONG') == '1'
CLIENTS, KILLS, FAULTS = (32, 200, 100) if LONG else (8, 5, 5)
seed = int(os.environ.get('SEED', random.SystemRandom().randrange(1 << 30)))
pick = random.Random(seed)
check = Checks()
house = House(TEPAI_ADDRESS_LIMIT='0', TEPAI_DATABASE_DEADLINE_MS='2000')
acknowledged, sent = {}, set()
stopping = threading.Event()
firms = [row.split('|') for row in house.sql(
    "SELECT a.login_name, a.enterprise_id FROM app.account a JOIN app.enterprise e ON e.id = a.enterprise_id WHERE"
    f" a.status = 'active' AND a.locked_until IS NULL AND e.status = 'active' ORDER BY 1 LIMIT {CLIENTS}").split('\n')]
tokens = [house.sign_in(login) for login, _ in firms]


def create(number):
    """One demand, sent again under its key until an answer comes."""
    firm, token = number % len(firms), tokens[number % len(firms)]
    title, key = f'fault {uuid.uuid4()}', str(uuid.uuid4())
    sent.add(title)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        status, body = house.get('/v1/demands', token, 10, {'enterprise_id': firms[firm][1], 'kind': 'talent', 'title': title},
                                 {'Idempotency-Key': key})
        if status == 201:
            acknowledged[title] = json.loads(body)['id']
            return
        if status not in (0, 401, 409, 503):
            check(False, f'{status} {body[:200]}')
            return
        if status == 401:  # ten minutes of a long run are over
            tokens[firm] = token = house.sign_in(firms[firm][0])
        time.sleep(0.05)
    check(False, f'{title} was not answered within a minute')


def client(number):
    while not stopping.is_set():
        create(number)


def server_killed():
    house.server.send_signal(signal.SIGKILL)
    house.server.wait()
    house.start_server()


def one_backend(what, after=0.0):
    backends = house.backends('tepai_enterprise')
    if backends:
        victim = pick.choice(backends)
        os.kill(victim, what)
        time.sleep(after)
        if after:
            os.kill(victim, signal.SIGCONT)


def database_restarted():
    house.pg_ctl('restart', '-m', 'immediate')


def postmaster_killed():
    os.kill(house.postmaster(), signal.SIGKILL)
    # Its children notice and end; only then another may start.
    wait_until(lambda: house.try_start(), 20, 'the database starts again')


def progress():
    before = len(acknowledged)
    return wait_until(lambda: len(acknowledged) >= before + CLIENTS, 30, 'clients go on')


deeds = [server_killed] * KILLS + pick.choices([lambda: one_backend(signal.SIGKILL), lambda: one_backend(signal.SIGSTOP, 1.0),
                                                database_restarted, postmaster_killed], k=FAULTS)
pick.shuffle(deeds)
threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
for thread in threads:
    thread.start()
for deed in deeds:
    time.sleep(pick.uniform(0.1, 0.6))
    deed()
    check(progress(), 'clients are served again after a fault')
stopping.set()
for thread in threads:
    thread.join()

stored = dict(row.split('|') for row in
              house.sql("SELECT title, string_agg(id::text, ' ') FROM app.demand WHERE title LIKE 'fault %' GROUP BY title").split('\n'))
lost = [title for title, made in acknowledged.items() if made not in stored.get(title, '')]
doubled = [title for title in stored if ' ' in stored[title]]
check(lost == [], f'acknowledged and not there: {len(lost)}')
check(doubled == [], f'made twice: {len(doubled)}')
check(set(stored) <= sent, 'nothing is there that nobody sent')
check(wait_until(lambda: house.sql('SELECT (SELECT count(*) FROM app.event) = (SELECT count(*) FROM app.feed)') == 't', 20,
                 'the feed'), 'the feed catches up')
broken = house.broken_laws()
check(broken == '', f'every law holds: {broken[:500]}')
print(f'{len(acknowledged)} acknowledged, {KILLS} kills, {FAULTS} faults of the database: lost {len(lost)}, doubled'
      f' {len(doubled)}, seed {seed}')
check.report()
