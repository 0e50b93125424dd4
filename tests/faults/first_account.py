#!/usr/bin/env python3
"""A database without anybody in it: the operator makes the link of the first administrator, who comes in by it,
registers a second factor and may open accounts. No second one is made this way while the first administers."""
import base64, hmac, json, struct, subprocess, time
from house import PG, Checks, House, USER, as_user, run

NEW = 'Xiangyuan-Lushan-2026'
check = Checks()


class Bare(House):
    MIGRATE = ('migrate',)

    def start_cluster(self):
        super().start_cluster()
        with open(f'{self.folder}/data/postgresql.conf', 'a', encoding='utf-8') as conf:
            conf.write('fsync=on\n')  # asked for where the data is real
        self.pg_ctl('restart')


house = Bare(TEPAI_PROFILE='default')


def account(*words):
    process = as_user([house.binary, 'account', *words], env=house.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                      text=True)
    out, error = process.communicate()
    return process.returncode, out.strip().rpartition('#')[2], error


def activate(link, password=NEW):
    return house.get('/v1/account-activations', body={'token': link, 'password': password})


def code_of(secret):
    """RFC 6238, as an app makes it."""
    mac = hmac.new(secret, struct.pack('>Q', int(time.time()) // 30), 'sha1').digest()
    at = mac[-1] & 15
    return f'{(int.from_bytes(mac[at:at + 4], "big") & 0x7fffffff) % 1000000:06d}'


check(account()[0] == 2, 'without words it tells its use')
code, first, _ = account('zhao.kj', '赵科')
check(code == 0 and first.startswith('cap_'), 'a link is made')
code, second, _ = account('zhao.kj', '赵科')
check(code == 0 and second != first, 'and made again')
check(activate(first)[0] == 410, 'which ends the first')
check(activate(second)[0] == 200, 'the second sets a password')
check(activate(second)[0] == 410, 'once')
status, body = house.get('/v1/sessions', body={'login_name': 'zhao.kj', 'password': NEW})
check(status == 201, f'the first administrator signs in: {status}')
token = json.loads(body)['access_token']
status, body = house.get('/v1/me', token)
me = json.loads(body)['rights']
check((me['role'], me['office'], me['is_admin']) == ('city', 'st', True), f'and is one: {me}')
status, body = house.get('/v1/accounts', token)
check((status, json.loads(body)['code']) == (401, 'second_factor_missing'), f'a password alone opens nothing: {status}')
status, body = house.get('/v1/me/second-factor', token, method='POST')
secret = base64.b32decode(json.loads(body)['secret'])
status, body = house.get('/v1/me/second-factor/confirmations', token, body={'code': code_of(secret)})
check(status == 200, f'a second factor is registered: {status}')
check(house.get('/v1/accounts', token)[0] == 200, 'and opens the accounts at once, with the same token')
code, _, error = account('qian.kj', '钱科')
check(code == 1 and 'zhao.kj administers' in error, f'no second one is made: {error}')
code, reset, _ = account('zhao.kj', '赵科')
check(code == 0 and activate(reset, NEW + 'x')[0] == 200, 'who lost his password comes in again')
check(account("x' OR 1=1", '赵科')[0] == 1, 'a name that is none is refused')
events = run([f'{PG}/psql', '-h', house.folder, '-U', USER, '-XAtc',
              "SELECT role || ' ' || operation FROM app.event WHERE subject_type = 'account' ORDER BY seq LIMIT 1", 'postgres'])
check(events == 'system account_open_first', f'the event says who did it: {events}')
check.report()
