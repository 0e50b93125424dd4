#!/usr/bin/env python3
"""The log is one JSON object a line, whatever a client sends: nothing a client sent begins a line, and no token, query,
body or password stands in it."""
import json, os, socket
from house import PASSWORD, Checks, House, wait_until

check = Checks()
house = House()
token = house.sign_in('huguan.kj')
CANARY = 'canary-8d1f'


def raw(request):
    """Sends bytes as they are and reads until the server has nothing more to say."""
    with socket.create_connection(('127.0.0.1', house.port), timeout=5) as s:
        s.sendall(request)
        s.settimeout(1)
        try:
            while s.recv(65536):
                pass
        except OSError:
            pass


def request(target, *lines, body=b''):
    head = [b'GET ' + target + b' HTTP/1.1', b'Host: 127.0.0.1', b'Connection: close', *lines]
    raw(b'\r\n'.join(head) + b'\r\n\r\n' + body)


injected = b'{"level":"error","event":"' + CANARY.encode() + b'"}'
requests = [
    lambda: request(b'/v1/demands', b'Authorization: Bearer ' + token.encode()),
    lambda: request(b'/v1/demands?q=' + CANARY.encode(), b'Authorization: Bearer ' + token.encode()),
    lambda: request(b'/v1/demands?status=%0d%0a' + injected.replace(b'"', b'%22')),
    lambda: request(b'/v1/units', b'traceparent: 00-\r\n ' + injected),
    lambda: request(b'/v1/units', b'X-Anything: a\rb' + injected),
    lambda: request(b'/v1/units', b'Accept-Language: \xff\xfe' + injected),
    lambda: request(b'/%25n%25s%25n/' + CANARY.encode()),
    lambda: request(b'/v1/' + CANARY.encode() * 500),
    lambda: request(b'/v1/units', b'User-Agent: ' + CANARY.encode() * 200),
    lambda: raw(b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc' + injected + b'\r\n\r\n'),
]
for send in requests:
    send()
house.get('/v1/sessions', body={'login_name': CANARY, 'password': PASSWORD})
house.get('/v1/sessions', body={'login_name': [CANARY], 'password': PASSWORD})


def lines():
    return open(f'{house.folder}/log', encoding='utf-8', errors='strict').read().splitlines()


check(wait_until(lambda: sum('"session_create"' in line for line in lines()) == 3, 5, 'the last request'), 'all are logged')
text = lines()
# What is said before the service begins (advice on PostgreSQL's settings) is for people.
first = next(i for i, line in enumerate(text) if line.startswith('{'))
for line in text[first:]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    check(isinstance(entry, dict) and 'event' in entry, f'no JSON object: {line[:120]}')
whole = '\n'.join(text)
for name, secret in (('token', token), ('a part of the token', token[-40:]), ('password', PASSWORD), ('what was sent', CANARY)):
    check(secret not in whole, f'the log holds {name}')
answered = [json.loads(line) for line in text[first:] if '"event":"request"' in line]
check(len(answered) >= 10, f'{len(answered)} requests have a line')
check(all(entry['request_id'] and entry['status'] for entry in answered), 'each with its id and status')
check(house.server.poll() is None, 'the service lives')
check.report()
