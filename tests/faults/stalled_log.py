#!/usr/bin/env python3
"""Nobody reads the log: standard error is a pipe that stays full. The service goes on answering, a metric tells how many
lines were lost, and once the pipe is read again a line tells the same number."""
import http.client, json, os, re, threading, urllib.request
from house import Checks, House, wait_until

REQUESTS = 6000
check = Checks()
house = House()
house.end_server()
os.remove(f'{house.folder}/log')
os.mkfifo(f'{house.folder}/log')
if os.getuid() == 0:
    os.chmod(f'{house.folder}/log', 0o666)
reader = os.open(f'{house.folder}/log', os.O_RDONLY | os.O_NONBLOCK)
house.env['TEPAI_METRICS_PORT'] = str(house.free_port())
house.start_server()
token = house.sign_in('huguan.kj')
statuses = []


def ask_many(count):
    connection = http.client.HTTPConnection('127.0.0.1', house.port, timeout=10)
    for n in range(count):
        connection.request('GET', '/v1/units' if n % 10 else '/v1/demands?limit=1', headers={'Authorization': f'Bearer {token}'})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)


def lost():
    text = urllib.request.urlopen(f"http://127.0.0.1:{house.env['TEPAI_METRICS_PORT']}/metrics", timeout=10).read().decode()
    return int(re.search(r'^tepai_log_lines_lost_total (\d+)$', text, re.M).group(1))


clients = [threading.Thread(target=ask_many, args=(REQUESTS // 4,)) for _ in range(4)]
for c in clients:
    c.start()
for c in clients:
    c.join()
check(statuses == [200] * REQUESTS, f'{len(statuses)} of {REQUESTS} answered')
missing = lost()
check(missing > 0, 'lines were lost')
written = b''


def read_more():
    """Whether the line that tells the loss has come."""
    global written
    while True:
        try:
            more = os.read(reader, 1 << 20)
        except BlockingIOError:
            return b'"log_lines_lost"' in written and written.endswith(b'\n')
        if not more:
            return True
        written += more


check(wait_until(read_more, 10, 'the loss is told'), 'the log is read again')
lines = [json.loads(line) for line in written.splitlines() if line.startswith(b'{')]
told = [int(line['lines']) for line in lines if line['event'] == 'log_lines_lost']
check(sum(told) == missing == lost(), f'lost {missing} lines, told {told}')
check(house.get('/readyz')[0] == 200, 'the service answers')
print(f'{REQUESTS} requests, {missing} lines lost and told')
check.report()
