#!/usr/bin/env python3
"""A computed round of matching while its worker is killed or stopped in the middle of it, again and again. The other
worker takes the job up once the lease has run out; each job has exactly one result, whoever comes late leaves nothing,
and the same inputs give the same proposal every time. LONG=1 strikes 60 times instead of 3."""
import json, os, random, secrets, signal, time
from house import Checks, House, as_user, wait_until
from matching import fill

ROUNDS = 60 if os.environ.get('LONG') == '1' else 3
TAKEOVER = 40.0
seed = int(os.environ.get('SEED', random.SystemRandom().randrange(1 << 30)))
pick = random.Random(seed)
check = Checks()
house = House(TEPAI_WORK='off')
fill(house, 300, 4)


def start():
    return as_user([house.binary, 'work'], env=house.env, stderr=open(f'{house.folder}/log', 'a'))


def begin(token):
    status, body = house.get('/v1/match-rounds', token, body={'title': '试验', 'year': 2027, 'method': 'computed',
                                                             'start_on': '2027-01-01'},
                             headers={'Idempotency-Key': secrets.token_hex(8)})
    check(status == 202, f'the job is accepted: {status} {body[:200]}')
    return json.loads(body)['id']


def state(job):
    return house.sql(f"SELECT state FROM app.operation WHERE id = '{job}'")


def proposal(job):
    return house.sql("SELECT md5(string_agg(m.demand_id || ' ' || m.specialist_id, ',' ORDER BY m.demand_id)), count(*)"
                     f" FROM app.match m JOIN app.match_round r ON r.id = m.round_id WHERE r.operation_id = '{job}'")


workers = [start(), start()]
token = house.sign_in('shi.kj')
first = begin(token)
began = time.monotonic()
check(wait_until(lambda: state(first) == 'succeeded', 60, 'a job in peace'), 'a job is done')
peace = time.monotonic() - began
wanted = proposal(first)
check(int(wanted.split('|')[1]) > 100, f'the proposal has many pairs: {wanted}')
struck = 0
slowest = 0.0
for i in range(ROUNDS):
    job = begin(house.sign_in('shi.kj'))
    wait_until(lambda: state(job) != 'queued', 10, 'it is taken')
    time.sleep(pick.uniform(0, peace))
    stops = i % 3 == 2
    for worker in workers:
        os.kill(worker.pid, signal.SIGSTOP if stops else signal.SIGKILL)
    struck += state(job) == 'running'
    at = time.monotonic()
    if stops:  # a third one comes; the two wake up when it has begun and find that they are late
        third = start()
        wait_until(lambda: state(job) == 'succeeded' or house.sql(
            f"SELECT attempts FROM app.operation WHERE id = '{job}'") != '1', TAKEOVER, 'it is taken up')
        for worker in workers:
            os.kill(worker.pid, signal.SIGCONT)
    else:
        for worker in workers:
            worker.wait()
        workers = [start(), start()]
    check(wait_until(lambda: state(job) == 'succeeded', TAKEOVER, f'strike {i}'), f'strike {i}: the job is done all the same')
    slowest = max(slowest, time.monotonic() - at)
    if stops:
        third.terminate()
        third.wait()
    check(proposal(job) == wanted, f'strike {i}: the proposal is that of the same inputs: {proposal(job)} {wanted}')

time.sleep(1)
late = house.sql("SELECT count(*) FROM app.event e JOIN app.match_round r ON r.id = e.subject_id WHERE e.operation ="
                 " 'match_round_finish' AND e.subject_type = 'match_round' HAVING count(*) <> count(DISTINCT r.id)")
check(late == '', f'no round was finished twice: {late}')
orphans = house.sql("SELECT count(*) FROM app.match m JOIN app.match_round r ON r.id = m.round_id WHERE r.status ="
                    " 'computing'")
check(orphans == '0', 'nothing half done is seen')
gaps = house.sql("SELECT count(*) FROM app.match m WHERE m.version <> (SELECT count(*) FROM app.event e WHERE e.subject_type ="
                 " 'match' AND e.subject_id = m.id)")
check(gaps == '0', f'each match has its event: {gaps}')
for worker in workers:
    worker.terminate()
check(all(worker.wait(10) == 0 for worker in workers), 'both end when they are asked to')
print(f'{ROUNDS} strikes, {struck} in the middle of a job of {peace:.1f} s, slowest takeover {slowest:.1f} s, seed {seed}')
check.report()
