#!/usr/bin/env python3
"""Whoever owns the database changes the past: edits, deletions, insertions, swaps, cuts at the end, each clumsily and
with every later hash made right again. Judged against signed heads that were kept elsewhere, all are found, and nothing
is found where nothing was done. LONG=1 tries 1,000 instead of 50."""
import os, random, subprocess
from house import Checks, House, as_user, wait_until

COUNT = 1000 if os.environ.get('LONG') == '1' else 50
seed = int(os.environ.get('SEED', random.SystemRandom().randrange(1 << 30)))
pick = random.Random(seed)
check = Checks()
house = House()
kept = f'{house.folder}/kept-heads'


def audit(*words):
    process = as_user([house.binary, 'audit', *words], env=house.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                      text=True)
    return process.communicate()[0].strip(), process.returncode


def feed_is_signed():
    return house.sql('SELECT (SELECT count(*) FROM app.event) = (SELECT max(pos) FROM app.feed_head)') == 't'


check(wait_until(lambda: house.sql('SELECT count(*) FROM app.feed_head') != '0', 30, 'a head'), 'the worker signs the feed')
# A feed that grew meanwhile is signed again after a minute, which is now over.
house.sql("UPDATE app.feed_head SET at = at - interval '1 minute'")
check(wait_until(feed_is_signed, 30, 'the feed is signed to its end'), 'and signs it again')
house.end_server()
heads, _ = audit('heads')
with open(kept, 'w') as out:
    out.write(heads + '\n')
os.chmod(kept, 0o644)
LAST = int(house.sql('SELECT max(pos) FROM app.feed'))
said, status = audit('verify', '--heads', kept)
check(status == 0 and said.startswith(f'{LAST} positions'), f'untouched it agrees: {said}')

# Rewrites every hash from position %s on, as the sequencer would have made it.
REHASH = """DO $$ DECLARE r record; h bytea; BEGIN
  SELECT hash INTO h FROM app.feed WHERE pos < {0} ORDER BY pos DESC LIMIT 1;
  h := coalesce(h, decode(repeat('00', 32), 'hex'));
  FOR r IN SELECT f.pos, app.feed_text(e) AS t FROM app.feed f JOIN app.event e USING (seq) WHERE f.pos >= {0} ORDER BY pos LOOP
    h := sha256(h || convert_to(r.pos || ' ' || r.t, 'UTF8')); UPDATE app.feed SET hash = h WHERE pos = r.pos;
  END LOOP; END $$;"""
AT = '(SELECT seq FROM app.feed WHERE pos = {0})'


def edit(pos):
    column, value = pick.choice([
        ('operation', "'forged'"), ('at', "at + interval '1 second'"), ('account', 'gen_random_uuid()'),
        ('subject_id', 'gen_random_uuid()'), ('subject_version', 'subject_version + 1'), ('unit_id', "'140499'"),
        ('role', "coalesce(role, '') || 'x'"), ('seen_by', "seen_by || 'public'::text"), ('changes', "'{\"status\": {}}'"),
        ('on_behalf_of', "'{\"side\": \"enterprise\"}'"), ('op', "CASE op WHEN 'upsert' THEN 'removed' ELSE 'upsert' END")])
    more = ", changes_sha256 = encode(sha256('{\"status\": {}}'), 'hex')" if column == 'changes' and pick.random() < .5 else ''
    return f'UPDATE app.event SET {column} = {value}{more} WHERE seq = {AT.format(pos)};'


def delete(pos):
    """An event and its position; those behind it close the gap or leave it."""
    close = pick.random() < .5
    return (f'DELETE FROM app.event WHERE seq = {AT}; DELETE FROM app.feed WHERE pos = {{0}};' +
            ('UPDATE app.feed SET pos = -pos WHERE pos > {0}; UPDATE app.feed SET pos = -pos - 1 WHERE pos < 0;' if close
             else '')).format(pos)


def insert(pos):
    """An event that never was, with a position among the others or with none."""
    copy = ("INSERT INTO app.event (seq, operation, subject_type, subject_id, op, subject_version, changes, changes_sha256,"
            " seen_by, seen_by_before) OVERRIDING SYSTEM VALUE SELECT {1}, operation, subject_type, subject_id, op,"
            " subject_version, changes, changes_sha256, seen_by, seen_by_before FROM app.event WHERE seq = " + AT + ';')
    if pick.random() < .3:
        return copy.format(pos, 0)
    return (copy + 'UPDATE app.feed SET pos = -pos WHERE pos >= {0}; UPDATE app.feed SET pos = -pos + 1 WHERE pos < 0;'
            "INSERT INTO app.feed VALUES ({0}, {1}, sha256('x'));").format(pos, -pos)


def swap(pos):
    other = pick.choice([p for p in range(1, LAST + 1) if p != pos])
    return ('UPDATE app.feed SET seq = CASE pos WHEN {0} THEN -(SELECT seq FROM app.feed WHERE pos = {1})'
            ' ELSE -(SELECT seq FROM app.feed WHERE pos = {0}) END WHERE pos IN ({0}, {1});'
            'UPDATE app.feed SET seq = -seq WHERE pos IN ({0}, {1});').format(pos, other), min(pos, other)


def cut(pos):
    return ('DELETE FROM app.event WHERE seq IN (SELECT seq FROM app.feed WHERE pos >= {0});'
            'DELETE FROM app.feed WHERE pos >= {0}; DELETE FROM app.feed_head WHERE pos >= {0};').format(pos)


def deed(kind):
    pos = pick.randint(1, LAST)
    sql = kind(pos)
    sql, first = sql if isinstance(sql, tuple) else (sql, pos)
    clever = pick.random() < .5
    if clever:
        sql += REHASH.format(first)
    if pick.random() < .3:
        sql += 'DELETE FROM app.feed_head;'
    return f'{kind.__name__} at {pos}{", every hash made right again" if clever else ""}', sql


def tamper(sql):
    """In a copy of the database, so that each deed is alone."""
    house.run_psql('DROP DATABASE IF EXISTS tampered', 'CREATE DATABASE tampered TEMPLATE postgres')
    house.run_psql("SET session_replication_role = replica; " + sql, database='tampered')
    before = house.env['TEPAI_DATABASE_URL']
    house.env['TEPAI_DATABASE_URL'] = before.replace('/postgres?', '/tampered?')
    found = audit('verify', '--heads', kept)
    house.env['TEPAI_DATABASE_URL'] = before
    return found


found = 0
kinds = [edit, delete, insert, swap, cut]
for i in range(COUNT):
    name, sql = deed(kinds[i % len(kinds)])
    said, status = tamper(sql)
    found += status == 1
    check(status == 1 and said.count('\n') == 0, f'{name}: exit {status}, {said}')

said, status = tamper('SELECT 1;')
check(status == 0, f'a copy that nobody touched agrees: {said}')
said, status = tamper(f"UPDATE app.event SET changes = NULL WHERE seq = {AT.format(7)};")
check(status == 0 and said.endswith('1 events have had their values erased.'), f'an erasure is counted and breaks nothing: {said}')

with open(kept, 'a') as out:
    out.write(heads.splitlines()[0][:-4] + 'AAAA\n')
said, status = audit('verify', '--heads', kept)
check(status == 1 and 'no head that this service signed' in said, f'a forged head is none: {said}')
house.env['TEPAI_KEYS'] = f'{house.folder}/nowhere.json'
said, status = audit('verify')
check(status == 1 and not os.path.exists(house.env['TEPAI_KEYS']), f'without the key file nothing is judged: {said}')
print(f'found {found} of {COUNT}, seed {seed}')
check.report()
