#!/usr/bin/env python3
"""Keys and clear values live in the memory of tepaid alone: it leaves no core file, and another process of the same
user reads neither its memory nor its environment, where the passwords of the database stand. Even root, who can look,
finds no value there whose request has been answered. Runs without sanitizers, which keep what was freed."""
import gzip, http.client, json, os, re, signal, subprocess, uuid
from house import Checks, House, USER, wait_until

PASSWORD, GUESS, PHONE = 'Canary-Vogel-9f2e1c', 'Canary-Guess-77ab0d', '13977313373'
ID_NO, BANK, OTHER_BANK = '11010519491231002X', '6222999900017731', '6222999900017732'

check = Checks()
house = House()
line = http.client.HTTPConnection('127.0.0.1', house.port, timeout=30)  # stays open from request to request
pid = house.server.pid


def reads(path):
    more = {'user': USER} if os.getuid() == 0 else {}
    return subprocess.run(['head', '-c', '1', path], capture_output=True, cwd='/', **more).returncode == 0


def ask(method, path, body, token=None, media_type='application/json', **headers):
    """Status and answer, which may come compressed."""
    headers = {'Content-Type': media_type, 'Accept-Encoding': 'gzip', 'Idempotency-Key': str(uuid.uuid4()),
               **{name.replace('_', '-'): value for name, value in headers.items()}}
    if token:
        headers['Authorization'] = f'Bearer {token}'
    line.request(method, path, json.dumps(body), headers)
    answer = line.getresponse()
    text = answer.read()
    if answer.headers.get('Content-Encoding') == 'gzip':
        text = gzip.decompress(text)
    return answer.status, json.loads(text)


def held(words):
    """Those of the words that stand in the memory of the process; None where nobody may look."""
    found = set()
    try:
        memory = open(f'/proc/{pid}/mem', 'rb', 0)
        areas = re.findall(r'^([0-9a-f]+)-([0-9a-f]+) r', open(f'/proc/{pid}/maps').read(), re.M)
    except PermissionError:
        return None
    for first, last in ((int(a, 16), int(b, 16)) for a, b in areas):
        try:
            memory.seek(first)
            text = memory.read(last - first)
        except (OSError, ValueError, OverflowError):
            continue  # what the kernel lends, and the guarded pages around the keys
        found |= {word for word in words if word.encode() in text}
    return found


def put_values_in():
    """Values of all kinds go through right and wrong doors; those that must not be found afterwards."""
    firm = {'login_name': 'canary.person', 'password': PASSWORD, 'display_name': '金丝雀', 'phone': PHONE,
            'role': 'specialist'}
    check(ask('POST', '/v1/registrations', firm)[0] == 201, 'registers')
    check(ask('POST', '/v1/sessions', {'login_name': 'canary.person', 'password': GUESS})[0] == 401, 'guesses')
    status, answer = ask('POST', '/v1/sessions', {'login_name': 'canary.person', 'password': PASSWORD})
    check(status == 201, 'signs in')
    token = answer['access_token']
    call = json.loads(house.get('/v1/calls?kind=specialist&status=published')[1])['items'][0]['id']
    status, application = ask('POST', '/v1/applications', {'call_id': call, 'id_type': 'resident_id', 'id_no': ID_NO,
                                                           'mobile': PHONE, 'bank_account_no': BANK}, token)
    check(status == 201, 'applies')
    own = f'/v1/applications/{application["id"]}'
    status, seen = ask('POST', '/v1/disclosures', {'subject_type': 'application', 'subject_id': application['id'],
                                                   'fields': ['id_no', 'mobile'], 'purpose': '核对本人信息'}, token)
    check(status == 201 and seen['values']['id_no'] == ID_NO, f'sees the number: {status}')
    status, _ = ask('PATCH', own, {'id_no': ID_NO, 'bank_account_no': BANK + 'x'}, token, 'application/merge-patch+json',
                    If_Match='"1"')
    check(status == 400, f'a wrong number is refused: {status}')
    status, _ = ask('PATCH', own, {'id_no': ID_NO, 'bank_account_no': OTHER_BANK}, token, 'application/merge-patch+json',
                    If_Match='"1"')
    check(status == 200, f'another number is taken: {status}')
    return {PASSWORD, GUESS, PHONE, ID_NO, BANK, OTHER_BANK, token, answer['refresh_token']}


values = put_values_in()
control = 'specialist_list_search'
for moment in ('the client stays', 'the client is gone'):
    found = held({*values, control})
    if found is not None:
        check(control in found, 'the memory is searched')
        check(found == {control}, f'{moment}: {[word[:20] for word in found - {control}]} still stand in memory')
    line.close()
    house.get('/healthz')
check(reads(f'/proc/{pid}/cmdline'), 'the process is there to be read')
for name in ('environ', 'maps', 'mem', 'auxv'):
    check(not reads(f'/proc/{pid}/{name}'), f'another process reads {name}')
limits = open(f'/proc/{pid}/limits').read()
core = next(line for line in limits.splitlines() if line.startswith('Max core file size')).split()
check(core[4:6] == ['0', '0'], f'core limit {core[4:6]}')
before = set(os.listdir(house.folder)) | set(os.listdir('/'))
os.kill(pid, signal.SIGQUIT)  # dumps core where that is allowed, and no sanitizer takes it for itself
check(wait_until(lambda: house.server.poll() is not None, 10, 'the process ends'), 'it ends')
after = set(os.listdir(house.folder)) | set(os.listdir('/'))
check(not [f for f in after - before if f.startswith('core')], 'no core file')
check.report('memory not searched, for this user may not' if found is None else f'{len(values)} values, 0 in memory')
