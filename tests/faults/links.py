#!/usr/bin/env python3
"""Capability links over the wire: scanners of mail servers do no harm, a link that is replaced while many read it is
answered whole or refused, makers who collide leave one link alive, and no token comes into a log."""
import json, threading, urllib.error, urllib.request, uuid
from house import Checks, House

check = Checks()
house = House(TEPAI_LOG_LEVEL='debug', TEPAI_FRONT_URL='https://front.example')
subject = str(uuid.uuid4())

# A document of no room is enough here: these functions stand in for those of agreements.
house.sql('DROP FUNCTION app.agreement_document(uuid), app.agreement_link(uuid)')
house.sql("CREATE FUNCTION app.agreement_document(of uuid) RETURNS jsonb LANGUAGE sql AS "
          "$$ SELECT jsonb_build_object('agreement_no', 'TP-1') $$")
house.sql("CREATE FUNCTION app.agreement_link(of uuid) RETURNS TABLE (version integer, content_sha256 text,"
          " institution_id uuid, days integer, waits boolean) LANGUAGE sql AS "
          "$$ SELECT 1, encode(sha256('x'), 'hex'), NULL::uuid, 14, true $$")
bureau = house.sign_in('shi.kj')


def make(key=None):
    status, body = house.get('/v1/links', bureau, body={'kind': 'agreement_signature', 'subject_id': subject},
                             headers={'Idempotency-Key': key or str(uuid.uuid4())})
    return status, json.loads(body).get('url', '')


def read(token, method='GET'):
    return house.get('/v1/links/current', headers={'Capability-Token': token}, method=method)[0]


def at_once(count, work):
    answers, gate = [], threading.Barrier(count)

    def one(number):
        gate.wait()
        answers.append(work(number))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers


status, url = make()
check(status == 201 and url.startswith('https://front.example/answer#cap_'), f'the front shows the document: {status}')
token = url.split('#')[1]
check(set(at_once(16, lambda n: read(token, 'HEAD' if n % 2 else 'GET'))) == {200}, 'scanners read it at once')
check(read(token) == 200, 'and it is still good')

# Replaced while it is read
seen = at_once(17, lambda n: make()[0] if n == 0 else read(token))
check(seen.count(201) == 1 and set(seen) <= {200, 201, 410}, f'each reader gets it or hears that it is spent: {seen}')
check(read(token) == 410, 'afterwards it is spent')

# Sixteen makers, one live link
made = at_once(16, lambda n: make())
check([s for s, _ in made] == [201] * 16, f'each gets a link: {[s for s, _ in made]}')
alive = [u for _, u in made if read(u.split('#')[1]) == 200]
check(len(alive) == 1, f'{len(alive)} of them live')

# One key, sixteen times: one link
key = str(uuid.uuid4())
answers = at_once(16, lambda n: make(key))
links = {u for s, u in answers if s == 201}
check(len(links) == 1 and {s for s, _ in answers} <= {201, 409}, f'one link for one key: {[s for s, _ in answers]}')
check(read(links.pop().split('#')[1]) == 200, 'and it lives')

# Where no token may stand
tokens = [u.split('#')[1] for _, u in made] + [token]
kept = open(f'{house.folder}/log').read() + open(f'{house.folder}/pg.log').read()
check('link_get_current' in kept, 'the log has the requests')
check(not any(t[4:] in kept for t in tokens) and 'cap_' not in kept, 'no token in a log')
dump = ''.join(house.sql(f"SELECT string_agg(t::text, '') FROM app.{table} t") for table in ('link', 'idempotency', 'event'))
check(not any(t[4:] in dump or t.encode().hex() in dump for t in tokens), 'no token in the database')
check.report()
