#!/usr/bin/env python3
"""The way to the database is cut after every hundredth byte of a write, in both directions. What was acknowledged is
stored, what a retry under the same key adds is nothing, and what was refused is not there twice."""
import contextlib, json, select, socket, threading, uuid
from house import Checks, House

STEP, LAST = 100, 4500  # a write sends and receives some 2 to 3 KB
check = Checks()


class Proxy:
    """Between tepaid and the socket of PostgreSQL; cuts a connection once `left[side]` bytes have passed."""

    def __init__(self, path):
        self.path, self.left, self.cuts = path, {}, 0
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.path)
            threading.Thread(target=self.carry, args=(client, server), daemon=True).start()

    def carry(self, client, server):
        with client, server:
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    side = 'up' if ready is client else 'down'
                    try:
                        data = ready.recv(65536)
                    except OSError:
                        return
                    left = self.left.get(side)
                    if left is not None:
                        data = data[:left]
                        self.left[side] = left - len(data)
                    with contextlib.suppress(OSError):
                        (server if ready is client else client).sendall(data)
                    if left is not None and self.left.get(side) == 0:
                        self.cuts += 1
                        self.left.pop(side, None)
                        return
                    if not data:
                        return


house = House(TEPAI_THREADS='2', TEPAI_ARGON2_SLOTS='1')
proxy = Proxy(f'{house.folder}/.s.PGSQL.5432')
house.env['TEPAI_DATABASE_URL'] = f'postgresql://{house.user}@127.0.0.1:{proxy.port}/postgres'
beside = House.beside(house)
token = beside.sign_in('jinzhen')
firm = json.loads(beside.get('/v1/me', token)[1])['rights']['enterprise_id']
lost = 0
for side in ('up', 'down'):
    for at in range(STEP, LAST, STEP):
        own, key = str(uuid.uuid4()), {'Idempotency-Key': str(uuid.uuid4())}
        body = {'id': own, 'enterprise_id': firm, 'kind': 'technology', 'title': '断线重试'}
        beside.get('/v1/me', token)
        proxy.left[side] = at
        status, first = beside.get('/v1/demands', token, body=body, headers=key)
        proxy.left.pop(side, None)
        stored = int(house.sql(f"SELECT count(*) FROM app.demand WHERE id = '{own}'"))
        lost += status != 201
        check(status in (201, 503), f'{side} {at}: status {status}')
        check(status != 201 or stored == 1, f'{side} {at}: acknowledged and not stored')
        again, second = beside.get('/v1/demands', token, body=body, headers=key)
        check(again == 201, f'{side} {at}: the retry got {again}')
        check(status != 201 or first == second, f'{side} {at}: the retry got other bytes')
        events = int(house.sql(f"SELECT count(*) FROM app.event WHERE subject_id = '{own}'"))
        check(events == 1, f'{side} {at}: {events} events')
check(proxy.cuts >= 40, f'{proxy.cuts} cuts')
print(f'{proxy.cuts} cuts; {lost} requests had to be repeated by the client')
check.report()
