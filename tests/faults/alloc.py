#!/usr/bin/env python3
"""Memory lacks once, at the n-th allocation of a request. What may come of it: the right answer, 500 or 503, a cut
connection, or the declared abort with its log line; never a wrong answer, a crash, a hang, or a write done twice or halfway.
Takes a build without sanitizers, for they allocate by themselves. LONG=1 tries every n, otherwise as many as time allows.
"""
import contextlib, http.client, json, mmap, os, random, re, shutil, signal, struct, subprocess, sys, time, uuid
from house import PASSWORD, Checks, House

SECONDS = 1e9 if os.environ.get('LONG') else 25
SHIM = os.path.join(os.path.dirname(sys.argv[1]), 'liballoc_shim.so')
DEMAND = {'kind': 'technology', 'title': '轧制油回收', 'contact_phone': '13800000013'}
check = Checks()
house = House(TEPAI_THREADS='2', TEPAI_ARGON2_SLOTS='1')
shutil.copy(SHIM, f'{house.folder}/shim.so')
open(f'{house.folder}/control', 'wb').write(struct.pack('qq', -1, 0))
for name in ('shim.so', 'control'):
    os.chmod(f'{house.folder}/{name}', 0o666 if name == 'control' else 0o755)
control = mmap.mmap(os.open(f'{house.folder}/control', os.O_RDWR), 16)
house.env.update(LD_PRELOAD=f'{house.folder}/shim.so', TEPAI_TEST_ALLOC=f'{house.folder}/control', LIBC_FATAL_STDERR_='1')


def arm(n):
    control[:16] = struct.pack('qq', n, 0)


def seen():
    return struct.unpack('qq', control[:16])[1]


class Client:
    """One connection that stays, and so one thread of the service with its connections to the database open."""

    def __init__(self):
        self.http = http.client.HTTPConnection('127.0.0.1', house.port, timeout=15)

    def ask(self, method, path, body=None, token=None, key=None):
        headers = {'Content-Type': 'application/json'} if body is not None else {}
        headers |= {'Authorization': f'Bearer {token}'} if token else {}
        headers |= {'Idempotency-Key': key} if key else {}
        try:
            self.http.request(method, path, None if body is None else json.dumps(body), headers)
            answer = self.http.getresponse()
            return answer.status, answer.read()
        except TimeoutError:
            return 'hang', b''
        except (http.client.HTTPException, OSError):
            return 'cut', b''


def start():
    arm(-1)
    if house.server.poll() is None:
        house.end_server()
    house.start_server()


start()
city, firm = house.sign_in('shi.kj'), house.sign_in('jinzhen')
firm_id = json.loads(house.get('/v1/me', firm)[1])['rights']['enterprise_id']
first = json.loads(house.get('/v1/demands?limit=1', city)[1])['items'][0]['id']
# name: method, path, body, token, key wanted, status
KINDS = {
    'read': ('GET', f'/v1/demands/{first}', None, city, False, 200),
    'list': ('GET', '/v1/demands?limit=5&sort=id', None, city, False, 200),
    'write': ('POST', '/v1/demands', {**DEMAND, 'enterprise_id': firm_id}, firm, True, 201),
    'sign-in': ('POST', '/v1/sessions', {'login_name': 'huguan.kj', 'password': PASSWORD}, None, False, 201),
    'refused body': ('POST', '/v1/demands', {**DEMAND, 'kind': 'none', 'more': [1, {}]}, firm, True, 400),
}


def send(client, kind, key):
    method, path, body, token, wants_key, _ = KINDS[kind]
    return client.ask(method, path, body, token, key if wants_key else None)


def comparable(kind, body):
    """What two answers to the same question have in common."""
    return re.sub(rb'"(request_id|trace_id|instance)":"[^"]*",?', b'', body) if kind != 'sign-in' else b''


def died_as_declared():
    """The process has ended by abort, said so, and the allocator found nothing broken."""
    said = open(f'{house.folder}/log', encoding='utf-8', errors='replace').read()[log_size:]
    return house.server.poll() == -signal.SIGABRT and '"event":"aborted"' in said and not re.search(
        r'corrupt|double free|free\(\)|malloc\(\)|stack smashing', said)


def demands():
    return int(house.sql('SELECT count(*) FROM app.demand'))


counts, wanted, outcomes = {}, {}, {}
client = Client()
for kind in KINDS:
    for _ in range(3):
        key = str(uuid.uuid4())
        arm(-1)
        status, body = send(client, kind, key)
        check(status == KINDS[kind][5], f'{kind} without a failure: {status} {body[:200]}')
    counts[kind], wanted[kind] = seen(), comparable(kind, body)

points = [(kind, n) for kind in KINDS for n in range(counts[kind])]
random.Random(7).shuffle(points)
until = time.monotonic() + SECONDS
tried = 0
for kind, n in points:
    if time.monotonic() > until:
        break
    tried += 1
    key = str(uuid.uuid4())
    send(client, kind, str(uuid.uuid4()))  # the connections of this thread are open now
    before = demands() if kind == 'write' else 0
    log_size = len(open(f'{house.folder}/log', encoding='utf-8', errors='replace').read())
    arm(n)
    status, body = send(client, kind, key)
    arm(-1)
    with contextlib.suppress(subprocess.TimeoutExpired):
        house.server.wait(0.3 if status == 'cut' else 0)
    dead = house.server.poll() is not None
    outcome = 'abort' if dead and died_as_declared() else f'died {house.server.poll()}' if dead else str(status)
    right = outcome in ('abort', 'cut', '500', '503') or (
        status == KINDS[kind][5] and (kind == 'write' or comparable(kind, body) == wanted[kind]))
    check(right, f'{kind}, allocation {n}: {outcome} {body[:300]}')
    outcomes[outcome] = outcomes.get(outcome, 0) + 1
    if dead:
        start()
    if dead or status == 'cut':
        client = Client()
    again, repeated = send(client, kind, key)
    if again == 'cut':
        client = Client()
        again, repeated = send(client, kind, key)
    check(again == KINDS[kind][5], f'{kind}, after allocation {n} ({outcome}): {again} {repeated[:200]}')
    if kind == 'write':
        check(demands() == before + 1, f'write, allocation {n} ({outcome}): done {demands() - before} times')
print(f'{tried} of {len(points)} allocations failed: {dict(sorted(outcomes.items()))}')
check.report()
