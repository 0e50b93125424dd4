#!/usr/bin/env python3
"""A view gets a column while it is read and written, as a migration does it. Prepared plans of old connections are refused
by PostgreSQL ("cached plan must not change result type"); nobody may notice."""
import json, threading, time, urllib.error, urllib.request, uuid
from house import Checks, House

ROUNDS = 6
check = Checks()
house = House()
reader, writer = house.sign_in('shi.kj'), house.sign_in('jinzhen')
firm = json.loads(house.get('/v1/me', writer)[1])['rights']['enterprise_id']
done = threading.Event()
answers = []


def send(token, body=None):
    headers = {'Authorization': f'Bearer {token}', 'Content-Type': 'application/json', 'Idempotency-Key': str(uuid.uuid4())}
    path = '/v1/demands' if body else '/v1/demands?limit=3'
    request = urllib.request.Request(house.base + path, json.dumps(body).encode() if body else None, headers)
    began = time.monotonic()
    try:
        status = urllib.request.urlopen(request, timeout=20).status
    except urllib.error.HTTPError as refused:
        status = refused.code
    answers.append((status, time.monotonic() - began))


def work(token, body):
    while not done.is_set():
        send(token, body)


def swap(extra):
    """The view anew, with or without one more column at its end."""
    house.sql('BEGIN; SET LOCAL lock_timeout = \'1s\';'
              f'DROP VIEW api.demand; {definition.replace("FROM app.demand", extra + " FROM app.demand", 1)};'
              'ALTER VIEW api.demand OWNER TO tepai_owner; ALTER VIEW api.demand SET (security_invoker = true);'
              f'{grants} COMMIT')


definition = 'CREATE VIEW api.demand AS ' + house.sql("SELECT pg_get_viewdef('api.demand'::regclass)").rstrip().rstrip(';')
grants = house.sql("SELECT string_agg(format('GRANT %s ON api.demand TO %I;', privilege_type, grantee), ' ') "
                   "FROM information_schema.role_table_grants WHERE table_schema = 'api' AND table_name = 'demand'")
workers = [threading.Thread(target=work, args=a) for a in
           [(reader, None)] * 3 + [(writer, {'enterprise_id': firm, 'kind': 'technology', 'title': '轧制油回收'})] * 2]
for w in workers:
    w.start()
for n in range(ROUNDS):
    before = len(answers)
    swap(', 1 AS probe' if n % 2 == 0 else '')
    end = time.monotonic() + 10
    while len(answers) < before + 40 and time.monotonic() < end:
        time.sleep(0.02)
done.set()
for w in workers:
    w.join()
statuses = [s for s, _ in answers]
check(set(statuses) <= {200, 201}, f'statuses {sorted(set(statuses))}')
check(statuses.count(201) > 0 and statuses.count(200) > 0, 'both readers and writers went on')
check(max(t for _, t in answers) <= 2, f'an answer took {max(t for _, t in answers):.1f} s')
check(len(answers) >= ROUNDS * 40, f'{len(answers)} answers')
print(f'{len(answers)} answers while the view changed {ROUNDS} times, longest {max(t for _, t in answers) * 1000:.0f} ms')
check.report()
