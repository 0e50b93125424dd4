#!/usr/bin/env python3
"""The volume of the data is full, then that of the log of writes (pg_wal). Writes are refused with 503 and Retry-After,
reads go on while there is a database, and when there is room again each acknowledged write is there once and no refused one
is there in part. Small volumes of memory can be mounted by root alone: for others it counts as skipped (status 77)."""
import atexit, json, os, shutil, subprocess, sys, threading, time, uuid
import urllib.error, urllib.request
from house import USER, Checks, House, wait_until

if os.getuid() != 0:
    print('0 passed, 0 failed, skipped: only root can mount small volumes')
    sys.exit(77)
ROUNDS = 20 if os.environ.get('LONG') else 1
check = Checks()
house = House()
firm = house.sign_in('jinzhen')
firm_id = json.loads(house.get('/v1/me', firm)[1])['rights']['enterprise_id']
data = f'{house.folder}/data'
mounted = []


def put_on_volume(folder, spare_mb):
    """The folder's contents on a volume of their own with some room to spare; false when nothing may be mounted here."""
    size = int(subprocess.run(['du', '-sm', folder], capture_output=True, text=True).stdout.split()[0]) + spare_mb
    os.rename(folder, f'{folder}.was')
    os.mkdir(folder)
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}m,mode=0700', 'tmpfs', folder], capture_output=True).returncode:
        return False
    mounted.append(folder)
    shutil.chown(folder, USER)
    subprocess.run(['cp', '-a', f'{folder}.was/.', folder], check=True)
    shutil.rmtree(f'{folder}.was')
    return True


def clean_up():
    house.close()
    for folder in reversed(mounted):
        subprocess.run(['umount', '-l', folder], check=True)
    shutil.rmtree(house.folder, ignore_errors=True)


def fill(folder):
    """Takes what is left, as somebody else's file would."""
    with open(f'{folder}/ballast', 'wb', buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass


class Writers:
    """Clients that create demands of 4 KB until they are told to stop, and remember what each answer was."""

    def __init__(self, count=4):
        self.acknowledged, self.others, self.refused, self.bare = set(), set(), 0, 0
        self.done = threading.Event()
        self.threads = [threading.Thread(target=self.work) for _ in range(count)]
        for t in self.threads:
            t.start()

    def work(self):
        while not self.done.is_set():
            self.write(str(uuid.uuid4()))

    def write(self, own_id):
        body = {'id': own_id, 'enterprise_id': firm_id, 'kind': 'technology', 'title': '盘满',
                'description': os.urandom(900).hex(), 'current_state': os.urandom(900).hex()}
        request = urllib.request.Request(f'{house.base}/v1/demands', json.dumps(body).encode(), {
            'Authorization': f'Bearer {firm}', 'Content-Type': 'application/json', 'Idempotency-Key': own_id})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                self.acknowledged.add(own_id) if answer.status == 201 else self.others.add((answer.status, own_id))
        except urllib.error.HTTPError as refused:
            if refused.code != 503:
                self.others.add((refused.code, refused.read()[:300]))
            self.refused += 1
            self.bare += refused.headers.get('Retry-After') is None
            time.sleep(0.02)
        except OSError as broken:
            self.others.add((repr(broken), own_id))

    def stop(self):
        self.done.set()
        for t in self.threads:
            t.join()


def all_is_there(what, writers):
    rows = house.sql("SELECT id || ' ' || (SELECT count(*) FROM app.event e WHERE e.subject_id = d.id) "
                     "FROM app.demand d WHERE title = '盘满'").split('\n')
    present = {row.split()[0] for row in rows if row}
    check(writers.acknowledged <= present, f'{what}: lost {len(writers.acknowledged - present)} acknowledged writes')
    check(all(row.endswith(' 1') for row in rows if row), f'{what}: each has its one event')
    check(not writers.others, f'{what}: other answers {list(writers.others)[:3]}')
    check(writers.bare == 0, f'{what}: {writers.bare} refusals without Retry-After')
    print(f'{what}: {len(writers.acknowledged)} acknowledged, {writers.refused} refused')


def works_again(what, writers):
    before = len(writers.acknowledged)
    check(wait_until(lambda: len(writers.acknowledged) > before + 5, 20, 'writes are taken again'), f'{what}: works again')
    writers.stop()
    all_is_there(what, writers)


def data_round():
    writers = Writers()
    wait_until(lambda: len(writers.acknowledged) > 20, 5, 'some writes')
    fill(data)
    check(wait_until(lambda: writers.refused > 20, 60, 'writes are refused'), 'a full data volume refuses writes')
    check(house.get('/v1/demands?limit=1', firm)[0] == 200, 'reads go on')
    os.remove(f'{data}/ballast')
    works_again('data volume', writers)


def wal_round():
    writers = Writers()
    wait_until(lambda: len(writers.acknowledged) > 20, 5, 'some writes')
    fill(f'{data}/pg_wal')
    for _ in range(20):  # the next segment is wanted at once, not after 16 MB
        subprocess.run(['psql', '-h', house.folder, '-U', USER, '-qAt', '-c', 'SELECT pg_switch_wal()', 'postgres'],
                       capture_output=True, timeout=30)
        if writers.refused > 20:
            break
        time.sleep(0.2)
    check(wait_until(lambda: writers.refused > 20, 60, 'writes are refused'), 'a full log volume refuses writes')
    os.remove(f'{data}/pg_wal/ballast')
    if subprocess.run(['psql', '-h', house.folder, '-U', USER, '-qAt', '-c', 'SELECT 1', 'postgres'],
                      capture_output=True).returncode:
        house.pg_ctl('-m', 'immediate', 'restart')
    works_again('log volume', writers)
    house.sql('CHECKPOINT')  # lets the segments go that the next round needs room for


atexit.register(clean_up)
for setting in ("min_wal_size = '32MB'", "max_wal_size = '48MB'"):
    house.sql(f'ALTER SYSTEM SET {setting}')
house.pg_ctl('-m', 'fast', 'stop')
if not put_on_volume(data, 12):
    print('0 passed, 0 failed, skipped: this machine lets nobody mount')
    sys.exit(77)
subprocess.run(['mv', f'{data}/pg_wal', f'{house.folder}/wal'], check=True)
os.symlink(f'{house.folder}/wal', f'{data}/pg_wal')
house.pg_ctl('start')
for _ in range(ROUNDS):
    data_round()
house.pg_ctl('-m', 'fast', 'stop')
check(put_on_volume(f'{house.folder}/wal', 100), 'the log has a volume')
house.pg_ctl('start')
for _ in range(ROUNDS):
    wal_round()
check(house.server.poll() is None, 'the service lives')
check.report()
