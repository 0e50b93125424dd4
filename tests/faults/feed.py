#!/usr/bin/env python3
"""24 writers change few rows at once, roll back, collide and lock each other out, one transaction stays open all the
time, and the sequencers are killed again and again. Every committed change is in the feed once, in the order of its
record, and the chain verifies; the same after a dump was restored. LONG=1 makes 9,000 changes instead of 2,000."""
import os, random, signal, subprocess, threading, time
from house import PG, USER, Checks, House, as_user, run, wait_until

CHANGES = 9000 if os.environ.get('LONG') == '1' else 2000
WRITERS = 24
seed = int(os.environ.get('SEED', random.SystemRandom().randrange(1 << 30)))
pick = random.Random(seed)
check = Checks()
house = House(TEPAI_WORK='off')


def sign_in(login):
    session = house.session(login)[0]
    return f"SELECT app.facts('enterprise_update', '{house.sql(f'SELECT account_id FROM app.session WHERE id = {session!r}')}', '{session}');"


logins = house.sql("SELECT string_agg(login, ' ') FROM (SELECT min(login_name) AS login FROM app.account WHERE role = 'county'"
                   " AND office = 'st' AND status = 'active' GROUP BY unit_id ORDER BY 1 LIMIT 4) x").split()
facts = [sign_in(login) for login in logins]
# Four rows to a unit, so that writers meet.
firms = [house.sql(f"SELECT string_agg(id::text, ' ') FROM (SELECT e.id FROM app.enterprise e JOIN app.account a ON a.unit_id ="
                   f" e.unit_id WHERE a.login_name = '{login}' AND e.status = 'active' ORDER BY e.id LIMIT 4) x").split()
         for login in logins]
house.end_server()


def transaction(county, mark):
    rows = [pick.choice(firms[county]) for _ in range(pick.choice([1, 1, 1, 2]))]
    updates = ''.join(f"UPDATE app.enterprise SET address = '{mark}.{i}' WHERE id = '{row}';" for i, row in enumerate(rows))
    if pick.random() < .1:
        updates = f"SAVEPOINT s; {updates} ROLLBACK TO s; {updates}"
    return f"BEGIN; {facts[county]} {updates} {'ROLLBACK' if pick.random() < .2 else 'COMMIT'};\n"


def write(number):
    """One writer; whoever loses a deadlock or waits too long rolls back and goes on."""
    script = ''.join(transaction(number % len(facts), f'{number}-{i}') for i in range(CHANGES * 3 // 2 // WRITERS))
    psql = as_user(['psql', '-X', '-q', '-h', house.folder, '-U', 'tepai_county', '-v', 'ON_ERROR_STOP=0', 'postgres'],
                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    psql.communicate(script)


def worker():
    return as_user([house.binary, 'work'], env=house.env, stderr=open(f'{house.folder}/log', 'a'))


def counts():
    return tuple(map(int, house.sql('SELECT (SELECT count(*) FROM app.event), (SELECT count(*) FROM app.feed)').split('|')))


began_with = counts()[0]
open_one = as_user(['psql', '-X', '-q', '-h', house.folder, '-U', USER, 'postgres'], stdin=subprocess.PIPE, text=True)
open_one.stdin.write("BEGIN; SET LOCAL app.actor = 'city/st'; UPDATE app.enterprise SET address = 'open' WHERE id ="
                     " (SELECT id FROM app.enterprise WHERE status = 'active' ORDER BY id DESC LIMIT 1);\n")
open_one.stdin.flush()
sequencers = [worker(), worker()]
writers = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
for thread in writers:
    thread.start()
kills = 0
while any(thread.is_alive() for thread in writers):
    time.sleep(pick.uniform(0.3, 0.9))
    victim = pick.randrange(2)
    os.kill(sequencers[victim].pid, signal.SIGKILL)
    sequencers[victim].wait()
    sequencers[victim] = worker()
    kills += 1
events, fed = counts()
check(wait_until(lambda: counts()[1] == counts()[0], 20, 'the feed catches up'), 'the open transaction holds up nobody')
open_one.stdin.write('COMMIT;\n')
open_one.communicate()
check(wait_until(lambda: counts()[1] == counts()[0] == events + 1, 20, 'the last event'), 'and what it did is fed when it is over')
made = counts()[0] - began_with
check(made >= CHANGES, f'{made} changes were committed')
for sequencer in sequencers:
    sequencer.terminate()
    sequencer.wait(10)


def verified(what):
    audit = as_user([house.binary, 'audit', 'verify'], env=house.env, stdout=subprocess.PIPE, text=True)
    said = audit.communicate()[0].strip()
    check(audit.returncode == 0, f'{what}: {said}')


broken = house.broken_laws()
check(broken == '', f'every law holds: {broken[:500]}')
verified('the chain')

# Restored, the feed goes on where it ended, also where transaction ids begin anew.
house.sql("UPDATE app.feed_mark SET candidate_xid = '4000000000'")
run([f'{PG}/pg_dump', '-h', house.folder, '-U', USER, '-Fc', '-f', f'{house.folder}/dump', 'postgres'])
house.run_psql('CREATE DATABASE restored')
run([f'{PG}/pg_restore', '-h', house.folder, '-U', USER, '-d', 'restored', f'{house.folder}/dump'])
house.env['TEPAI_DATABASE_URL'] = house.env['TEPAI_DATABASE_URL'].replace('/postgres?', '/restored?')
verified('restored')
house.run_psql("SELECT set_config('app.actor', 'city/st', false)", "UPDATE app.enterprise SET address = 'after' WHERE status ="
               " 'active'", "SELECT app.feed_advance(1000)", database='restored')
verified('restored, and gone on')
print(f'{made} changes by {WRITERS} writers, {kills} kills: lost 0, doubled 0, inverted 0' if check.failed == 0 else 'broken',
      f'seed {seed}')
check.report()
