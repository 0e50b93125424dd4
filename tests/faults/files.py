#!/usr/bin/env python3
"""Files are sent while the service is killed, again and again. Whatever row says stored has its bytes, whole, on the disk;
and every file is stored in the end by a client that only repeats. ROUNDS kills, 12 by default."""
import base64, hashlib, json, os, random, signal, threading, time, urllib.error, urllib.request, uuid
from house import Checks, House

ROUNDS = int(os.environ.get('ROUNDS', '12'))
PART = 4 << 20
check = Checks()
house = House(TEPAI_ADDRESS_LIMIT='0', TEPAI_ACCOUNT_LIMIT='0')
seed = int(os.environ.get('SEED', random.SystemRandom().randrange(1 << 30)))
pick = random.Random(seed)
tokens = {login: house.sign_in(login) for login in ('lishi', 'jingyao', 'zhangling')}
stopping = threading.Event()
done = []


def put(token, path, data):
    digest = 'sha-256=:' + base64.b64encode(hashlib.sha256(data).digest()).decode() + ':'
    request = urllib.request.Request(house.base + path, data, {
        'Authorization': f'Bearer {token}', 'Content-Type': 'application/octet-stream', 'Content-Digest': digest}, method='PUT')
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError:
        return 0, None


def repeat(what, until):
    while time.monotonic() < until:
        status, body = what()
        if status in (200, 201):
            return body
        if status not in (0, 503, 409):
            check(False, f'{status} {body[:200] if body else ""}')
            return None
        time.sleep(0.02)
    check(False, 'not answered within a minute')
    return None


def send(token, size):
    """One file, announced under a key and sent in a random order, each request repeated until it is answered."""
    data = b'%PDF-1.7' + random.randbytes(size - 8)
    until, key = time.monotonic() + 60, str(uuid.uuid4())
    body = {'file_name': 'a.pdf', 'media_type': 'application/pdf', 'size_bytes': size, 'sha256': hashlib.sha256(data).hexdigest()}

    def announce():
        status, answer = house.get('/v1/attachments', token, 10, body, {'Idempotency-Key': key})
        return status, json.loads(answer) if status == 201 else answer
    row = repeat(announce, until)
    while row and row['state'] == 'pending' and time.monotonic() < until:
        missing = row['parts_missing'] or [1]
        no = random.choice(missing)
        row = repeat(lambda: put(token, f"/v1/attachments/{row['id']}/parts/{no}", data[(no - 1) * PART:no * PART]), until)
    check(row is not None and row['state'] == 'stored', f'stored in the end, seed {seed}')
    done.append((row or {}).get('id'))


def client(login, size):
    while not stopping.is_set():
        send(tokens[login], size)
        time.sleep(0.15)  # of one account at most 200 files wait for a record


def blob(digest):
    return f'{house.folder}/files/blobs/{digest[:2]}/{digest}'


def stored_rows_have_bytes():
    for digest in house.sql("SELECT DISTINCT sha256 FROM app.attachment WHERE state = 'stored'").split():
        with_bytes = os.path.exists(blob(digest)) and hashlib.sha256(open(blob(digest), 'rb').read()).hexdigest() == digest
        check(with_bytes, f'{digest} lies on the disk, seed {seed}')


clients = [threading.Thread(target=client, args=pair) for pair in zip(tokens, (3000, 90000, PART + 5000))]
for c in clients:
    c.start()
for _ in range(ROUNDS):
    time.sleep(pick.uniform(0.2, 1.2))
    house.server.send_signal(signal.SIGKILL)
    house.server.wait()
    stored_rows_have_bytes()
    house.start_server()
stopping.set()
for c in clients:
    c.join()
stored_rows_have_bytes()
check(len(done) >= 3, 'files were sent')
print(f'{len(done)} files through {ROUNDS} kills')
check.report()
