"""Load on a tepaid that was built with ThreadSanitizer: TEPAI names it, SECONDS is how long. Prints what was reported."""
import json, os, re, signal, sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'faults'))
from house import House, run  # noqa: E402 (the path comes first)

house = House(TEPAI_ACCOUNT_LIMIT='0', TEPAI_ADDRESS_LIMIT='0', TSAN_OPTIONS='exitcode=0 history_size=7')
tokens = [house.sign_in(login) for login in ('jinzhen', 'huguan.kj', 'shi.kj')]
firm = json.loads(house.get('/v1/me', tokens[0])[1])['rights']['enterprise_id']
out = run(['wrk', '-t2', '-c64', f'-d{os.environ.get("SECONDS", "60")}s', '-s', os.path.join(HERE, 'mixed.lua'), house.base],
          env={**os.environ, 'TOKENS': ' '.join(tokens), 'FIRM': firm})
house.server.send_signal(signal.SIGTERM)
status = house.server.wait(120)
with open(f'{house.folder}/log', encoding='utf-8', errors='replace') as log:
    said = log.read()
reports = re.findall(r'^WARNING: ThreadSanitizer.*?^={18}$', said, re.M | re.S)
for report in reports[:20]:
    print(report)
print(out)
answered = re.search(r'(\d+) requests in', out)[1]
print(f'{answered} requests, {len(reports)} reports, exit {status}')
