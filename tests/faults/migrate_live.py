#!/usr/bin/env python3
"""A view gets a column while it is read and written, as a migration does it. Prepared plans of old connections are refused
by PostgreSQL ("cached plan must not change result type"); nobody may notice.

Changes come in pairs, 0 to 120 ms apart: whoever was refused after the first has opened and prepared a new connection by
then, or is just doing so, and is refused again. No two changes in a row leave the same columns, so no old plan fits."""
import collections, json, threading, time, urllib.error, urllib.request, uuid
from house import PASSWORD, Checks, House, wait_until

GAPS_MS = [*range(0, 60, 2), *range(60, 120, 10)]
check = Checks()
house = House()
reader, writer = house.sign_in('shi.kj'), house.sign_in('jinzhen')
firm = json.loads(house.get('/v1/me', writer)[1])['rights']['enterprise_id']
demand = json.loads(house.get('/v1/demands?limit=1', reader)[1])['items'][0]['id']
done = threading.Event()
answers = []
turns = [0] * 5


def send(token, body=None):
    headers = {'Authorization': f'Bearer {token}', 'Content-Type': 'application/json', 'Idempotency-Key': str(uuid.uuid4())}
    path = '/v1/demands' if body else f'/v1/demands/{demand}'
    request = urllib.request.Request(house.base + path, json.dumps(body).encode() if body else None, headers)
    began = time.monotonic()
    try:
        status = urllib.request.urlopen(request, timeout=20).status
    except urllib.error.HTTPError as refused:
        status = refused.code
    answers.append((status, time.monotonic() - began))


def work(number, token, body):
    while not done.is_set():
        send(token, body)
        turns[number] += 1


def swap(extra):
    """The view anew, with `extra` more columns at its end."""
    columns = ''.join(f', {i} AS probe_{i}' for i in range(extra))
    return ('BEGIN; SET LOCAL lock_timeout = \'1s\';'
            f'DROP VIEW api.demand; {definition.replace("FROM app.demand", columns + " FROM app.demand", 1)};'
            'ALTER VIEW api.demand OWNER TO tepai_owner; ALTER VIEW api.demand SET (security_invoker = true);'
            f'{grants} COMMIT;')


def swap_pair(n, gap_ms):
    house.sql(f'{swap(1 + n % 2)} SELECT pg_sleep({gap_ms / 1000}); {swap(3 + n % 2)}')


definition = 'CREATE VIEW api.demand AS ' + house.sql("SELECT pg_get_viewdef('api.demand'::regclass)").rstrip().rstrip(';')
grants = house.sql("SELECT string_agg(format('GRANT %s ON api.demand TO %I;', privilege_type, grantee), ' ') "
                   "FROM information_schema.role_table_grants WHERE table_schema = 'api' AND table_name = 'demand'")
workers = [threading.Thread(target=work, args=(i, *a)) for i, a in enumerate(
           [(reader, None)] * 3 + [(writer, {'enterprise_id': firm, 'kind': 'technology', 'title': '轧制油回收'})] * 2)]
for w in workers:
    w.start()
for n, gap_ms in enumerate(GAPS_MS):
    swap_pair(n, gap_ms)
    before = list(turns)  # a request that a change met ends before the next pair
    wait_until(lambda: all(t > b + 1 for t, b in zip(turns, before)), 10, 'readers and writers go on')
done.set()
for w in workers:
    w.join()
statuses = [s for s, _ in answers]
# A machine too busy to open a connection within its second (reason "connect") says nothing about migrations.
too_busy = '"reason":"connect"' in open(f'{house.folder}/log', encoding='utf-8').read()
check(set(statuses) <= {200, 201, 503 if too_busy else 200}, f'statuses {dict(collections.Counter(statuses))}')
check(statuses.count(201) > 0 and statuses.count(200) > 0, 'both readers and writers went on')
check(max(t for _, t in answers) <= 2, f'an answer took {max(t for _, t in answers):.1f} s')
check(len(answers) >= len(GAPS_MS) * 10, f'{len(answers)} answers')

# A statement of C's own, whose function comes back with another type.
function = house.sql("SELECT pg_get_functiondef('app.session_owner'::regproc)").replace('RETURNS text', 'RETURNS varchar', 1)
session, token = house.session('shi.kj')


def confirm():
    return house.get(f'/v1/sessions/{session}/confirmations', token, body={'password': PASSWORD})[0]


before = [confirm() for _ in range(8)]
house.sql(f'BEGIN; DROP FUNCTION app.session_owner; {function}; ALTER FUNCTION app.session_owner OWNER TO tepai_internal;'
          'GRANT EXECUTE ON FUNCTION app.session_owner TO tepai_public; COMMIT')
after = [confirm() for _ in range(8)]
check(set(before) == set(after) and before[0] < 300, f'confirmations {before}, then {after}')
print(f'{len(answers)} answers while the view changed {2 * len(GAPS_MS)} times, longest {max(t for _, t in answers) * 1000:.0f} ms')
check.report()
