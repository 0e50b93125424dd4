#!/usr/bin/env python3
"""The way to the database is cut after every hundredth byte of a write, in both directions. What was acknowledged is
stored, what a retry under the same key adds is nothing, and what was refused is not there twice."""
import contextlib, json, select, socket, threading, uuid
from house import Checks, House, wait_until

STEP, LAST = 100, 4500  # a write sends and receives some 2 to 3 KB
check = Checks()


class Proxy:
    """Between tepaid and the socket of PostgreSQL; cuts a connection once the bytes set by cut_after() have passed on
    one side, the worker's among them."""

    def __init__(self, path):
        self.path, self.left, self.cuts, self.lock = path, {}, 0, threading.Lock()
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.path)
            threading.Thread(target=self.carry, args=(client, server), daemon=True).start()

    def cut_after(self, side, size):
        with self.lock:
            self.left = {side: size}

    def heal(self):
        with self.lock:
            self.left = {}

    def portion(self, side, data):
        """What may pass of `data`, and whether the line is cut behind it."""
        with self.lock:
            if side not in self.left:
                return data, False
            data = data[:self.left[side]]
            self.left[side] -= len(data)
            if self.left[side] > 0:
                return data, False
            self.left = {}
            self.cuts += 1
            return data, True

    def carry(self, client, server):
        with client, server:
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    side = 'up' if ready is client else 'down'
                    try:
                        data = ready.recv(65536)
                    except OSError:
                        return
                    data, cut = self.portion(side, data)
                    with contextlib.suppress(OSError):
                        (server if ready is client else client).sendall(data)
                    if cut or not data:
                        return


house = House(TEPAI_THREADS='2', TEPAI_ARGON2_SLOTS='1')
proxy = Proxy(f'{house.folder}/.s.PGSQL.5432')
house.env['TEPAI_DATABASE_URL'] = f'postgresql://{house.user}@127.0.0.1:{proxy.port}/postgres'
beside = House.beside(house)
token = beside.sign_in('jinzhen')
firm = json.loads(beside.get('/v1/me', token)[1])['rights']['enterprise_id']


def retry(body, key):
    """The answer of a client that waits as it is told: a thread whose connection was cut while it opened refuses for a
    second."""
    last = []

    def answered():
        last[:] = beside.get('/v1/demands', token, body=body, headers=key)
        return last[0] != 503

    wait_until(answered, 10, 'the retry is answered')
    return last


lost = 0
for side in ('up', 'down'):
    for at in range(STEP, LAST, STEP):
        own, key = str(uuid.uuid4()), {'Idempotency-Key': str(uuid.uuid4())}
        body = {'id': own, 'enterprise_id': firm, 'kind': 'technology', 'title': '断线重试'}
        beside.get('/v1/me', token)
        proxy.cut_after(side, at)
        status, first = beside.get('/v1/demands', token, body=body, headers=key)
        proxy.heal()
        stored = int(house.sql(f"SELECT count(*) FROM app.demand WHERE id = '{own}'"))
        lost += status != 201
        check(status in (201, 503), f'{side} {at}: status {status}')
        check(status != 201 or stored == 1, f'{side} {at}: acknowledged and not stored')
        again, second = retry(body, key)
        check(again == 201, f'{side} {at}: the retry got {again}')
        check(status != 201 or first == second, f'{side} {at}: the retry got other bytes')
        events = int(house.sql(f"SELECT count(*) FROM app.event WHERE subject_id = '{own}'"))
        check(events == 1, f'{side} {at}: {events} events')
check(proxy.cuts >= 40, f'{proxy.cuts} cuts')
print(f'{proxy.cuts} cuts; {lost} requests had to be repeated by the client')
check.report()
