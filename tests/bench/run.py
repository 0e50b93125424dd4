#!/usr/bin/env python3
"""Measures tepaid against pgbench on the very same statements, alternating in one run: medians and ratios.

Called by `./dev bench`, which starts the cluster and makes the database. Needs TEPAI_DATABASE_URL (the operator's, of
the filled database), TEPAI_DATABASE_PASSWORD, TEPAI (the release binary) and COSTS (see parts.py). Leaves
build/bench.json. Names of cases measure these alone. Asserts nothing.
"""
import json, os, re, signal, statistics, subprocess, sys, tempfile, time, urllib.parse, urllib.request

import parts

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QUICK = '--quick' in sys.argv
ONLY = [a for a in sys.argv[1:] if not a.startswith('-')]
ROUNDS, SECONDS = (3, 3) if QUICK else (7, 8)
CONNECTIONS = {'match_suggest': 2, 'match_suggest_person': 2}  # of the others 64: of these it matters how long one waits
PASSWORD = 'Tepai-Demo-2026'
CASES = ('demand_get', 'demand_list', 'demand_create', 'specialist_list', 'match_suggest', 'match_suggest_person')
WORDS = [a + b for a in '浮铸轧焊磨酿纺织镀染' for b in '选造制接削酵纱布膜整']  # of fill.sql
LAST = {'after_1': "'infinity'", 'after_id': "'ffffffff-ffff-ffff-ffff-ffffffffffff'", 'limit': '51'}


def statement(name):
    """A named statement as sql/queries has it."""
    for file in os.listdir(f'{ROOT}/sql/queries'):
        text = open(f'{ROOT}/sql/queries/{file}', encoding='utf-8').read()
        texts = dict(re.findall(r'^-- (?:name|part): (\w+)\n(.*?)(?=^-- (?:name|part): |\Z)', text, re.S | re.M))
        if name in texts:
            whole = re.sub(r'^ *-- include: (\w+)\n', lambda part: texts[part.group(1)], texts[name], flags=re.M)
            return re.sub(r'^--.*\n', '', whole, flags=re.M).strip()
    sys.exit(f'no statement {name}')


def bound(sql, values):
    """`:words` replaced; what has no value is a NULL that the planner cannot see through, as in a bound parameter."""
    def one(found):
        word = found.group(1)
        return values.get(word, "nullif(:none::text, '-')")
    return re.sub(r'(?<!:):([a-z_][a-z0-9_]*)', one, ' '.join(sql.split()))


def sign_in(base, login):
    body = json.dumps({'login_name': login, 'password': PASSWORD}).encode()
    request = urllib.request.Request(f'{base}/v1/sessions', body, {'Content-Type': 'application/json'})
    answer = json.load(urllib.request.urlopen(request))
    me = urllib.request.Request(f'{base}/v1/me', headers={'Authorization': f'Bearer {answer["access_token"]}'})
    return answer, json.load(urllib.request.urlopen(me))


DEMAND = {'kind': 'technology', 'title': '轴承钢夹杂物控制', 'description': '需要降低大颗粒夹杂物的数量。' * 8,
          'task_groups': ['rd_transfer'], 'tech_field': 'new_materials', 'industry_code': 'C',
          'service_forms': ['rd'], 'targets': [{'name': '夹杂物', 'unit': '级', 'from_value': '2.0', 'target_value': '1.0'}],
          'contact_name': '王工', 'contact_phone': '13800000013'}


def quoted(value):
    return "'" + value.replace("'", "''") + "'"


def pgbench_script(case, who, firm):
    """The road's statements of one request. Values that a request brings are variables or constants of the script."""
    session, me = who
    facts = bound(statement('facts'), {'actor_operation': quoted(case), 'actor_account': quoted(me['account']['id']),
                                       'actor_session': quoted(session['id'])})
    name_id = "('0000000000007' || :n)"
    if case == 'demand_get':
        body = [bound(statement('demand_get'), {'demand_id': name_id})]
        head = ['\\set n random(1008000000000000001, 1008000000000099999)', '\\startpipeline']
    elif case == 'demand_list':
        body = [bound(statement('demand_list'), LAST)]
        head = ['\\startpipeline']
    elif case == 'specialist_list':
        words = ', '.join(quoted(word) for word in WORDS)
        body = [bound(statement('specialist_list_search'), {**LAST, 'q': f'((ARRAY[{words}])[:n])'})]
        head = [f'\\set n random(1, {len(WORDS)})', '\\startpipeline']
    elif case.startswith('match_suggest'):
        person = case.endswith('_person')
        body = [bound(statement('match_suggest'), {**LAST, 'subject_type': "'specialist'" if person else "'demand'",
                                                   'subject_id': name_id, 'after_1': '2147483647'})]
        head = ['\\set n random(3008000000000000001, 3008000000000099999)'] if person else \
               ['\\set m random(0, 14284)', '\\set n 1008000000000000001 + 7 * :m']
        head.append('\\startpipeline')
    else:
        return create_script(facts, me, firm)
    return '\n'.join(head + [facts + ';'] + [b + ';' for b in body] + ['\\endpipeline']) + '\n'


def create_script(facts, me, firm):
    demand = {k: quoted(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) for k, v in DEMAND.items()}
    values = {**demand, 'enterprise_id': quoted(firm), 'demand_id': "('0000000000007' || :n)",
              'actor_account': quoted(me['account']['id']), 'idempotency_key': "(:n::text)", 'contact_phone_masked': "'138****0013'",
              'contact_phone': quoted('\\x' + '01' * 56), 'fingerprint': quoted('\\x' + '02' * 32), 'status': '201',
              'etag': "'\"1.0000000000000000\"'", 'location': "'/v1/demands/x'", 'body': quoted('\\x' + '03' * 1500)}
    first = [bound(statement(n), values) for n in
             ('idempotency_claim', 'demand_create_blockers', 'demand_create', 'demand_get')]
    keep = bound(statement('idempotency_keep'), values)
    lines = ['\\set n random(2008000000000000000, 2008999999999999999)', '\\startpipeline', 'BEGIN;', facts + ';']
    lines += [s + ';' for s in first] + ['\\endpipeline', '\\startpipeline', keep + ';', 'COMMIT;', '\\endpipeline']
    return '\n'.join(lines) + '\n'


WRK = r'''
local token, case, firm = os.getenv("BENCH_TOKEN"), os.getenv("BENCH_CASE"), os.getenv("BENCH_FIRM")
local headers = {["Authorization"] = "Bearer " .. token}
local thread_no = 0
local words = {}
for word in string.gmatch(os.getenv("BENCH_WORDS"), "[^ ]+") do words[#words + 1] = word end
function setup(thread) thread:set("no", thread_no); thread_no = thread_no + 1 end
function init(args) math.randomseed(os.time() * 10 + no) end
local function hex(n) local s = "" for i = 1, n do s = s .. string.format("%x", math.random(0, 15)) end return s end
local requests = {
  demand_get = function()
    return wrk.format("GET", string.format("/v1/demands/00000000-0000-7100-8000-%012d", math.random(1, 99999)), headers)
  end,
  demand_list = function() return wrk.format("GET", "/v1/demands", headers) end,
  specialist_list = function()
    return wrk.format("GET", "/v1/specialists?q=" .. words[math.random(#words)], headers)
  end,
  match_suggest = function() -- every seventh of the demands is open
    return wrk.format("GET", "/v1/match-candidates?subject_type=demand&subject_id=" ..
      string.format("00000000-0000-7100-8000-%012d", 1 + 7 * math.random(0, 14284)), headers)
  end,
  match_suggest_person = function()
    return wrk.format("GET", "/v1/match-candidates?subject_type=specialist&subject_id=" ..
      string.format("00000000-0000-7300-8000-%012d", math.random(1, 99999)), headers)
  end,
  demand_create = function()
    headers["Content-Type"] = "application/json"
    headers["Idempotency-Key"] = hex(32)
    return wrk.format("POST", "/v1/demands", headers, os.getenv("BENCH_BODY"))
  end,
}
request = requests[case]
done = function(summary, latency, all)
  io.write(string.format('{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"bad":%d}\n', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
'''


def cpu_seconds(pid):
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


class Bench:
    def __init__(self, work):
        self.work = work
        self.url = os.environ['TEPAI_DATABASE_URL']
        self.script = f'{work}/wrk.lua'
        open(self.script, 'w').write(WRK)
        self.start_server()

    def start_server(self):
        env = {**os.environ, 'TEPAI_PORT': '0', 'TEPAI_METRICS_PORT': '0',
               'TEPAI_DATABASE_URL': re.sub('//[^/@]*@', '//', self.url)}  # a server needs no administrator
        log = f'{self.work}/log'
        self.server = subprocess.Popen([os.environ['TEPAI'], 'serve'], env=env, stderr=open(log, 'w'))
        for _ in range(100):
            found = re.search(r'"event":"serving".*"port":"(\d+)"', open(log).read())
            if found:
                self.base = f'http://127.0.0.1:{found.group(1)}'
                return
            time.sleep(0.1)
        sys.exit('tepaid does not serve: ' + open(log).read()[-500:])

    def sign_in(self):
        self.county, self.firm = sign_in(self.base, 'shi.kj'), sign_in(self.base, 'jinzhen')
        self.firm_id = self.firm[1]['rights']['enterprise_id']

    def who(self, case):
        return self.firm if case == 'demand_create' else self.county

    def wrk(self, case, seconds):
        body = json.dumps({**DEMAND, 'enterprise_id': self.firm_id}, ensure_ascii=False)
        env = {**os.environ, 'BENCH_TOKEN': self.who(case)[0]['access_token'], 'BENCH_CASE': case, 'BENCH_BODY': body,
               'BENCH_WORDS': ' '.join(map(urllib.parse.quote, WORDS))}
        before = cpu_seconds(self.server.pid)
        out = subprocess.run(['wrk', '-t2', f'-c{CONNECTIONS.get(case, 64)}', f'-d{seconds}s', '-s', self.script, self.base], env=env,
                             capture_output=True, text=True, check=True).stdout
        result = json.loads(out.strip().splitlines()[-1])
        result['server_us'] = (cpu_seconds(self.server.pid) - before) / result['requests'] * 1e6
        result['rate'] = result['requests'] / result['seconds']
        return result

    def pgbench(self, case, seconds, clients):
        parts = urllib.parse.urlsplit(self.url)
        query = dict(urllib.parse.parse_qsl(parts.query))
        role = 'tepai_enterprise' if case == 'demand_create' else 'tepai_city'
        env = {**os.environ, 'PGPASSWORD': os.environ['TEPAI_DATABASE_PASSWORD'], 'PGUSER': role,
               'PGHOST': query.get('host', parts.hostname or ''), 'PGPORT': str(query.get('port', parts.port or 5432))}
        file = f'{self.work}/{case}.sql'
        open(file, 'w').write(pgbench_script(case, self.who(case), self.firm_id))
        run = subprocess.run(['pgbench', '-n', '-M', 'prepared', '-D', 'none=-', f'-c{clients}', '-j2', f'-T{seconds}', '-f', file,
                              parts.path.lstrip('/')], env=env, capture_output=True, text=True)
        found = re.search(r'tps = ([0-9.]+)', run.stdout)
        if 'actually processed: 0' in run.stdout:
            return 0.0  # too short for this number of clients
        if not found:
            sys.exit(run.stderr[-800:])
        return float(found.group(1))

    def best_clients(self, case):
        if case in CONNECTIONS:
            return CONNECTIONS[case]
        rates = {c: self.pgbench(case, 1 if QUICK else 3, c) for c in (4, 8, 16, 32)}
        return max(rates, key=rates.get)

    def measure(self, case):
        clients = self.best_clients(case)
        self.wrk(case, 1)
        pairs = [(self.pgbench(case, SECONDS, clients), self.wrk(case, SECONDS)) for _ in range(ROUNDS)]
        middle = lambda key: statistics.median(p[1][key] for p in pairs)
        return {'ratio': round(statistics.median(w['rate'] / p for p, w in pairs), 3),
                'rate': round(middle('rate')), 'pgbench_rate': round(statistics.median(p for p, _ in pairs)),
                'pgbench_clients': clients, 'server_us': round(middle('server_us'), 1), 'p50_ms': round(middle('p50'), 2),
                'p99_ms': round(middle('p99'), 2), 'rss_mb': round(parts.resident_mb(self.server.pid), 1),
                'failed': sum(p[1]['bad'] for p in pairs)}


def show(name, found):
    print(f'{name}: ' + ' '.join(f'{k}={v}' for k, v in found.items()), flush=True)


def main():
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(work)
        figures = {}
        try:
            for case in ONLY or CASES:
                bench.sign_in()
                figures[case] = bench.measure(case)
                show(case, figures[case])
            target = '/v1/demands/00000000-0000-7100-8000-000000000001'
            for part, found in () if ONLY else parts.measure(dict(os.environ), bench.county[0]['access_token'], target).items():
                figures[part] = found
                show(part, found)
        finally:
            bench.server.send_signal(signal.SIGTERM)
            bench.server.wait()
    os.makedirs(f'{ROOT}/build', exist_ok=True)
    json.dump(figures, open(f'{ROOT}/build/bench.json', 'w'), indent=1)


main()
