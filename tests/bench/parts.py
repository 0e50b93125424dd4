"""Figures of single parts, for run.py: routes, tokens, proposals of pairs, instructions of a request, idle connections. `env` holds the
settings of a filled database; costs is the program made of costs.c."""
import json, os, re, resource, selectors, socket, subprocess, tempfile, time

IDLE = 10000


def costs(env, *words):
    out = subprocess.run([env['COSTS'], *words], env=env, capture_output=True, text=True, check=True).stdout
    return json.loads(out) if out else None


def instructions(env, target):
    """Of one request on the road, socket and kernel left out: the difference between many and few, so that the start and
    the opening of connections fall away."""
    def total(times):
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(['valgrind', '--tool=callgrind', f'--callgrind-out-file={folder}/out', env['COSTS'], 'road',
                                  target, str(times)], env=env, capture_output=True, text=True, check=True)
        return int(re.search(r'Collected : (\d+)', run.stderr).group(1))
    few, many = 100, 500
    return round((total(many) - total(few)) / (many - few))


def read_answers(clients, seconds):
    """How many of the clients have got a 200; the others are closed or waiting."""
    end, good = time.monotonic() + seconds, 0
    with selectors.DefaultSelector() as waiting:
        for s in clients:
            waiting.register(s, selectors.EVENT_READ)
        while waiting.get_map() and (left := end - time.monotonic()) > 0:
            for key, _ in waiting.select(left):
                try:
                    good += key.fileobj.recv(65536).startswith(b'HTTP/1.1 200 ')
                except ConnectionError:
                    pass
                waiting.unregister(key.fileobj)
    return good


def still_open(s):
    try:
        s.setblocking(False)
        return s.recv(1) != b''
    except BlockingIOError:
        return True
    except OSError:
        return False


def resident_mb(pid):
    return int(re.search(r'VmRSS:\s+(\d+)', open(f'/proc/{pid}/status').read()).group(1)) / 1024


def idle_connections(env):
    """Memory of a service with 10,000 clients that have had one answer and stay, and how many of them it kept."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.NamedTemporaryFile('w+') as log:
        settings = {'TEPAI_PORT': '0', 'TEPAI_METRICS_PORT': '0', 'TEPAI_CONNECTIONS': str(IDLE + 500),
                    'TEPAI_HEADER_DEADLINE_MS': '60000'}
        server = subprocess.Popen([env['TEPAI'], 'serve'], env={**env, **settings}, stderr=log)
        try:
            while not (found := re.search(r'"event":"serving".*"port":"(\d+)"', open(log.name).read())):
                if server.poll() is not None:
                    raise SystemExit('tepaid does not serve: ' + open(log.name).read()[-500:])
                time.sleep(0.1)
            return keep_idle(server, int(found.group(1)))
        finally:
            server.terminate()
            server.wait()


def keep_idle(server, port):
    clients, good = [], 0
    while len(clients) < IDLE:
        some = [socket.create_connection(('127.0.0.1', port), 5) for _ in range(500)]
        for s in some:
            s.sendall(b'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
        good += read_answers(some, 10)
        clients += some
    figures = {'answered': good, 'open': sum(map(still_open, clients)), 'rss_mb': round(resident_mb(server.pid), 1)}
    for s in clients:
        s.close()
    return figures


def measure(env, token, target):
    env = {**env, 'BENCH_TOKEN': token}
    return {'routing': costs(env, 'routing'), 'token': costs(env, 'token'),
            'acceptance': costs(env, 'acceptance'),
            'instructions': {'demand_get': instructions(env, target), 'health_live': instructions(env, '/healthz')},
            'idle': idle_connections(env)}
