#!/usr/bin/env python3
"""Who asks too often is told how long to wait, and nobody else feels it: accounts by themselves, strangers by address,
behind a proxy by the address it names, and in IPv6 by the network that one household has."""
import base64, json, urllib.error, urllib.request, uuid
from house import Checks, House

check = Checks()
house = House(TEPAI_ACCOUNT_LIMIT='20', TEPAI_CLIENT_LIMIT='25', TEPAI_ADDRESS_LIMIT='10', TEPAI_JOB_LIMIT='2', TEPAI_FRONT='127.0.0.1')


def ask(path, address, token=None, method='GET', data=None, **headers):
    """Status, headers, body; the proxy in front names the address."""
    headers = {'X-Real-IP': address, **headers, **({'Authorization': f'Bearer {token}'} if token else {})}
    request = urllib.request.Request(house.base + path, headers=headers, method=method, data=data)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def refused(path, address, token=None):
    """How many of 30 requests were turned away, and the last answer that did so."""
    answers = [ask(path, address, token) for _ in range(30)]
    turned = [a for a in answers if a[0] == 429]
    return len(turned), turned[-1] if turned else None


# An account
huguan, city = house.sign_in('huguan.kj'), house.sign_in('shi.kj')
status, headers, _ = ask('/v1/me', '203.0.113.1', huguan)
check(status == 200 and headers['RateLimit-Policy'] == '"account";q=20;w=60', 'the policy is told')
check(headers['RateLimit'].startswith('"account";r=19;t='), f'what is left is told: {headers["RateLimit"]}')
check(ask('/v1/me', '203.0.113.1', huguan, **{'If-None-Match': headers['ETag']})[0] == 304, 'unchanged')
check(ask('/v1/me', '203.0.113.1', huguan)[1]['RateLimit'].startswith('"account";r=17;'), 'a 304 counts as any answer')
count, last = refused('/v1/me', '203.0.113.2', huguan)
check(count == 30 - 17, f'17 were left, {30 - count} were answered')
status, headers, body = last
problem = json.loads(body)
check(headers['RateLimit'].startswith('"account";r=0;t='), 'nothing is left')
check(0 < int(headers['Retry-After']) <= 60 and problem['retry_after_seconds'] == int(headers['Retry-After']), 'how long')
check(problem['code'] == 'too_many_requests' and headers['Content-Type'] == 'application/problem+json', 'a problem')
check(ask('/v1/me', '203.0.113.2', city)[0] == 200, 'another account of the same place is served')
check(ask('/v1/calls', '203.0.113.1', huguan)[0] == 429, 'a token counts on public operations too')
check(ask('/v1/accounts-of-none', '203.0.113.2', huguan)[0] == 404, 'what there is not is told before')

# Long jobs
people = house.sign_in('shi.rc')


def begin(method):
    body = {'title': '匹配', 'year': 2027, 'method': method, 'start_on': '2027-01-01'}
    return ask('/v1/match-rounds', '203.0.113.3', people, 'POST', json.dumps(body).encode(),
               **{'Content-Type': 'application/json', 'Idempotency-Key': str(uuid.uuid4())})


check([begin('computed')[0] for _ in range(2)] == [202, 202], 'two jobs an hour are begun')
rounds = house.sql('SELECT count(*) FROM app.match_round')
status, headers, body = begin('computed')
check(status == 429 and headers['RateLimit-Policy'] == '"job";q=2;w=3600', f'a third one is not: {status}')
check(3500 < int(headers['Retry-After']) <= 3600 and json.loads(body)['code'] == 'too_many_requests', 'for an hour')
check(house.sql('SELECT count(*) FROM app.match_round') == rounds, 'and leaves no round')
check(begin('manual')[0] == 201, 'what is no job does not count')

# A county's system: a limit of its own; and who guesses its secret does not keep it out, for tries count by network
CLIENT = '0197f0d0-0423-7000-8000-c11e00000001'


def token(secret, address):
    pair = base64.b64encode(f'{CLIENT}:cs_{secret}'.encode()).decode()
    return ask('/v1/oauth/token', address, None, 'POST', b'grant_type=client_credentials',
               **{'Authorization': f'Basic {pair}', 'Content-Type': 'application/x-www-form-urlencoded'})


RIGHT, WRONG = 'Tepai-Demo-2026_county-system-of-Xiangyuan0', 'A' * 43
check([token(WRONG, f'192.0.2.{i}')[0] for i in range(6)] == [401] * 5 + [429], 'five tries of one network are free')
status, headers, body = token(RIGHT, '192.0.2.9')
check(status == 429 and int(headers['Retry-After']) >= 1, 'then the right secret waits too')
check(json.loads(body)['error'] == 'temporarily_unavailable', 'and is told so in the words of OAuth')
status, headers, body = token(RIGHT, '203.0.113.200')
check(status == 200 and headers['Cache-Control'] == 'no-store', 'the system itself, elsewhere, is served')
machine = json.loads(body)['access_token']
status, headers, _ = ask('/v1/demands', '203.0.113.200', machine)
check(status == 200 and headers['RateLimit-Policy'] == '"client";q=25;w=60', 'a system has its own limit')
count, _ = refused('/v1/demands', '203.0.113.200', machine)
check(count == 30 - 24, f'24 were left, {30 - count} were answered')

# Strangers
count, last = refused('/v1/calls', '198.51.100.7')
check(count == 20, f'10 of 30 are for strangers, {30 - count} were answered')
check(last[1]['RateLimit-Policy'] == '"address";q=10;w=60' and 0 < int(last[1]['Retry-After']) <= 60, 'the limit is told')
check(ask('/v1/nothing', '198.51.100.7')[0] == 429, 'it stands before the router')
check(ask('/docs', '198.51.100.7')[0] == 429, 'and before the pages')
check(ask('/v1/calls', '198.51.100.8')[0] == 200, 'the neighbour is served')
check(ask('/v1/me', '198.51.100.7', city)[0] == 200, 'who is signed in there is served')
check(ask('/healthz', '198.51.100.7')[0] == 200, 'health is always told')
check(ask('/v1/calls', '198.51.100.7', method='OPTIONS')[0] == 204, "a browser's question before is no request")
count, _ = refused('/v1/calls', '2001:db8:1:100::1')
check(count == 20, 'IPv6 counts too')
check(ask('/v1/calls', '2001:db8:1:1ff:9::9')[0] == 429, 'the whole /56 is one place')
check(ask('/v1/calls', '2001:db8:1:200::1')[0] == 200, 'the next network is another')
check(ask('/v1/calls', '::ffff:198.51.100.7')[0] == 429, 'the same address written as IPv6')

# A token that is none is no way around
count, last = refused('/v1/me', '198.51.100.99', 'nonsense')
check(count == 20 and last[1]['Retry-After'], f'10 bad tokens are judged, {30 - count} were')
check(refused('/v1/calls', '127.0.0.1')[0] == 0, 'callers on the machine itself are not counted')
check.report()
