#!/usr/bin/env python3
"""Another key seals personal data while the service reads: nothing is unreadable at any moment, what the
older key sealed is sealed anew, and no record has another version for it. Two servers share the key file."""
import json, threading
from house import Checks, House, run

check = Checks()
house = House(TEPAI_DISCLOSURE_LIMIT='0')
other = House.beside(house)
SEALED = "SELECT {} FROM app.demand WHERE contact_phone IS NOT NULL UNION ALL SELECT {} FROM app.enterprise " \
         "WHERE contact_phone IS NOT NULL UNION ALL SELECT {} FROM app.account WHERE phone IS NOT NULL"
BY_KEY = "SELECT string_agg(DISTINCT encode(substring(v FROM 2 FOR 4), 'hex'), ',') FROM (" + \
         SEALED.format('contact_phone', 'contact_phone', 'phone') + ") x(v)"
token = house.sign_in('shi.kj')
demands = json.loads(house.get('/v1/demands?limit=200', token)[1])['items']
held = set(house.sql("SELECT id FROM app.demand WHERE contact_phone IS NOT NULL AND shown").split())
ids = [d['id'] for d in demands if d['id'] in held]
done, reads = threading.Event(), 0


def look(server, demand):
    return server.get('/v1/disclosures', token, body={'subject_type': 'demand', 'subject_id': demand,
                                                      'fields': ['contact_phone'], 'purpose': '换钥期间核对'})


def read(server):
    global reads
    while not done.is_set():
        for demand in ids:
            status, body = look(server, demand)
            check(status == 201 and len(json.loads(body)['values']['contact_phone']) >= 8, f'unreadable: {status}')
            reads += 1


def command(*words):
    return run([house.binary, 'keys', *words], env=house.env)


def versions():
    return house.sql('SELECT sum(version), count(*) FROM (SELECT version FROM app.demand UNION ALL SELECT version FROM '
                     'app.account) x')


check(len(ids) >= 5, f'{len(ids)} demands have a phone in sight')
check(house.sql(BY_KEY) == '00000001', 'the first key sealed everything')
clear = {d: json.loads(look(house, d)[1])['values']['contact_phone'] for d in ids}
before, events = versions(), house.sql("SELECT count(*) FROM app.event WHERE subject_type IN ('demand', 'account')")
threads = [threading.Thread(target=read, args=(s,)) for s in (house, other)]
for t in threads:
    t.start()
for _ in range(3):
    command('rotate-sealing')
    said = command('reseal')
    check('do not open' not in said and 'sealed anew' in said, said)
done.set()
for t in threads:
    t.join()
check(house.sql(BY_KEY) == '00000004', f'all is under the newest key: {house.sql(BY_KEY)}')
check({d: json.loads(look(other, d)[1])['values']['contact_phone'] for d in ids} == clear, 'the values are the same')
check(versions() == before, 'no record has another version')
check(house.sql("SELECT count(*) FROM app.event WHERE subject_type IN ('demand', 'account')") == events, 'nor an event')
check(reads > 50, f'{reads} values were read meanwhile')
moved = ids[0], ids[1]
house.sql(f"UPDATE app.demand SET contact_phone = (SELECT contact_phone FROM app.demand WHERE id = '{moved[1]}') "
          f"WHERE id = '{moved[0]}'")
check(look(house, moved[0])[0] == 500, 'a value moved to another row does not open')
print(f'{reads} values read during three rotations')
check.report()
