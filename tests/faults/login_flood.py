#!/usr/bin/env python3
"""Many sign in at once. Hashes are costly in time and memory: they must neither starve the readers nor the memory, and
who finds no free slot is told when to come again."""
import concurrent.futures, re, threading, time
from house import Checks, House, PASSWORD

SLOTS, HASH_MIB = 2, 32
check = Checks()
house = House(TEPAI_ARGON2_SLOTS=str(SLOTS), TEPAI_ARGON2_MIB=str(HASH_MIB), TEPAI_ARGON2_PASSES='2', TEPAI_THREADS='8')
token = house.sign_in('shi.kj')


def sign_in(n):
    status, _ = house.get('/v1/sessions', body={'login_name': f'nobody.{n}', 'password': PASSWORD})
    return status


def resident_mib():
    text = open(f'/proc/{house.server.pid}/status').read()
    return int(re.search(r'VmRSS:\s+(\d+)', text).group(1)) / 1024


longest, reads, done = 0.0, 0, threading.Event()


def read():
    global longest, reads
    while not done.is_set():
        began = time.monotonic()
        status, _ = house.get('/v1/demands?limit=1', token)
        longest = max(longest, time.monotonic() - began)
        reads += 1
        check(status == 200, f'a reader got {status}')


readers = [threading.Thread(target=read) for _ in range(4)]
for r in readers:
    r.start()
before = resident_mib()
with concurrent.futures.ThreadPoolExecutor(40) as pool:
    flood = list(pool.map(sign_in, range(200)))
after = resident_mib()
done.set()
for r in readers:
    r.join()
check(set(flood) <= {401, 429, 503}, f'statuses {sorted(set(flood))}')
check(503 in flood or 429 in flood, 'who comes too many is told so')
check(longest <= 1.0, f'a reader waited {longest:.2f} s')
check(after - before <= SLOTS * HASH_MIB + 64, f'memory rose by {after - before:.0f} MiB')
check(house.server.poll() is None, 'tepaid lives')
print(f'{reads} reads, longest {longest * 1000:.0f} ms; {flood.count(401)} hashed, {len(flood) - flood.count(401)} turned away')
check.report()
