#!/usr/bin/env python3
"""One key, many at once: 2 to 16 clients send the same request with the same Idempotency-Key, some of them cut before
their answer came. The work is done once, and every answer that arrives is the same. RACE_REQUESTS sets how many
requests are sent; 1,000 when nothing is said."""
import concurrent.futures, http.client, json, os, random, secrets, socket
from house import Checks, House

REQUESTS = int(os.environ.get('RACE_REQUESTS', '1000'))
check = Checks()
house = House(TEPAI_THREADS='8')
token = house.sign_in('qinyuan.kj')
random.seed(7)


def body(n):
    return json.dumps({'kind': 'demand', 'title': f'竞争{n:05d}', 'year': 2030 + n // 90, 'batch_no': 1 + n % 90,
                       'opens_at': '2026-11-01T00:00:00Z', 'closes_at': '2026-12-01T00:00:00Z'}).encode()


def head(n, key, size):
    return (f'POST /v1/calls HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n'
            f'Content-Type: application/json\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n').encode()


def send(n, key, cut_after):
    """Status, replayed, id; a cut request gives 0. The key is used until an answer other than 409 comes."""
    for _ in range(40):
        with socket.create_connection(('127.0.0.1', house.port), 20) as s:
            data = body(n)
            s.sendall(head(n, key, len(data)) + data)
            if cut_after:
                s.settimeout(random.random() * 0.02 + 0.0001)
                try:
                    s.recv(1)
                except OSError:
                    pass
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
                return 0, None, None
            answer = http.client.HTTPResponse(s)
            answer.begin()
            text = answer.read()
        if answer.status != 409 or json.loads(text)['code'] == 'duplicate':
            return answer.status, answer.headers['Idempotency-Replayed'], text
    return answer.status, None, text


sent = rounds = answered = cut = replays = 0
with concurrent.futures.ThreadPoolExecutor(16) as pool:
    while sent < REQUESTS:
        racers = random.randint(2, 16)
        key = secrets.token_hex(16)
        cuts = [random.random() < 0.3 for _ in range(racers)]
        answers = list(pool.map(lambda c: send(rounds, key, c), cuts))
        heard = [a for a in answers if a[0] != 0]
        check(all(a[0] == 201 for a in heard), f'round {rounds}: {sorted({a[0] for a in heard})} {heard[:1]}')
        check(len({a[2] for a in heard}) <= 1, f'round {rounds}: {len({a[2] for a in heard})} different answers')
        check(sum(a[1] is None for a in heard) <= 1, f'round {rounds}: more than one answer is the first')
        answered += bool(heard)
        replays += sum(a[1] is not None for a in heard)
        sent, rounds, cut = sent + racers, rounds + 1, cut + sum(cuts)
made = house.sql("SELECT count(*) || ' ' || count(DISTINCT title) FROM app.call WHERE title LIKE '竞争%'").split()
events = int(house.sql("SELECT count(*) FROM app.event e JOIN app.call c ON c.id = e.subject_id WHERE c.title LIKE '竞争%'"))
check(made[0] == made[1] and answered <= int(made[0]) <= rounds,
      f'{made[0]} calls of {made[1]} titles in {rounds} rounds, {answered} of them answered')
check(events == int(made[0]), f'{events} events of {made[0]} calls')
print(f'{sent} requests in {rounds} rounds, {cut} cut, {replays} replays, {int(made[0]) - int(made[1])} doubled')
check.report()
