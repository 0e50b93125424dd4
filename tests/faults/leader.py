#!/usr/bin/env python3
"""Two workers share the calendar and the feed; again and again one of them is killed or stopped in the middle of it.
Whatever was due is done within five seconds, each day's job exactly once, and no event is lost or fed twice. LONG=1
kills and stops 200 times instead of 5."""
import os, random, signal, subprocess, time
from house import Checks, House, as_user, wait_until

ROUNDS = 200 if os.environ.get('LONG') == '1' else 5
TAKEOVER = 5.0
seed = int(os.environ.get('SEED', random.SystemRandom().randrange(1 << 30)))
pick = random.Random(seed)
check = Checks()
house = House(TEPAI_WORK='off')

# A job that takes a while and leaves a trace of every run that was committed, and one after it that takes longer, so that
# days are left half done.
house.sql("CREATE TABLE app.probe (day date); GRANT INSERT ON app.probe TO tepai_internal;"
          "CREATE OR REPLACE FUNCTION app.job_demand_expire(day date) RETURNS integer LANGUAGE sql AS"
          " 'SELECT pg_sleep(0.1); INSERT INTO app.probe VALUES ($1); SELECT 1';"
          "CREATE OR REPLACE FUNCTION app.job_policy_supersede(day date) RETURNS integer LANGUAGE sql AS"
          " 'SELECT pg_sleep(0.2); SELECT 0'")


def start():
    return as_user([house.binary, 'work'], env=house.env, stderr=open(f'{house.folder}/log', 'a'))


def change():
    """Ten rows change, so ten events want their place."""
    house.sql("SELECT set_config('app.actor', 'city/st', false), set_config('app.operation', 'probe', false);"
              "UPDATE app.enterprise SET address = clock_timestamp()::text WHERE id IN"
              " (SELECT id FROM app.enterprise WHERE status = 'active' ORDER BY random() LIMIT 10)")


def all_done():
    return house.sql("SELECT (SELECT count(*) FROM app.work_days()) + (SELECT count(*) FROM app.event e WHERE NOT EXISTS"
                     " (SELECT FROM app.feed f WHERE f.seq = e.seq))") == '0'


workers = [start(), start()]
check(wait_until(all_done, 20, 'the first day'), 'two workers begin')
slowest = 0.0
for i in range(ROUNDS):
    change()
    house.sql("UPDATE app.sandbox_clock SET shift = shift + interval '3 days'")
    time.sleep(pick.uniform(0.1, 1.4))
    victim, stops = pick.randrange(2), i % 2 == 1
    os.kill(workers[victim].pid, signal.SIGSTOP if stops else signal.SIGKILL)
    struck = time.monotonic()
    change()
    check(wait_until(all_done, TAKEOVER, f'takeover {i}'), f'round {i}: the other one takes over within {TAKEOVER} s')
    slowest = max(slowest, time.monotonic() - struck)
    if stops:
        os.kill(workers[victim].pid, signal.SIGCONT)
    else:
        workers[victim].wait()
        workers[victim] = start()

time.sleep(1)  # whoever was stopped has gone on with what it had in hand
doubles = house.sql('SELECT count(*) - count(DISTINCT day) FROM app.probe')
missing = house.sql("SELECT count(*) FROM generate_series((SELECT min(day) FROM app.probe), (SELECT day FROM"
                    " app.work_periods()), interval '1 day') d WHERE NOT EXISTS (SELECT FROM app.probe p WHERE p.day = d)")
check(doubles == '0', f'no day was done twice: {doubles}')
check(missing == '0', f'no day was left out: {missing}')
days = int(house.sql('SELECT count(*) FROM app.probe'))
check(days >= 3 * ROUNDS, f'{days} days were done')
for worker in workers:
    worker.terminate()
check(all(worker.wait(10) == 0 for worker in workers), 'both end when they are asked to')
audit = as_user([house.binary, 'audit', 'verify'], env=house.env, stdout=subprocess.PIPE, text=True)
said = audit.communicate()[0]
check(audit.returncode == 0, f'the feed verifies: {said}')
print(f'{ROUNDS} kills and stops, {days} days, slowest takeover {slowest:.1f} s, seed {seed}')
check.report()
