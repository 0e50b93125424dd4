#!/usr/bin/env python3
"""Two officials, two lists, one pair: both put it on their list at the same moment. One line comes of it, and the other
hears that the sides are taken. Then one fixes the list while the other fixes, reopens or cancels it: one of them does.
Or it is fixed while the firm withdraws its demand, or the person pauses or is barred: nothing is fixed for who left,
and what was fixed a moment before ends with him. No person and no firm is ever on two live lines. RACES sets how many
pairs are raced for; 100 when nothing is said."""
import collections, concurrent.futures, json, os, random, secrets, threading, time
from house import Checks, House

RACES = int(os.environ.get('RACES', '100'))
PORTION = 100  # races between two sign-ins, for fixing asks for a recent one
check = Checks()
house = House(TEPAI_THREADS='8', TEPAI_MEMORY_MIB='4096')  # a sanitized server grows with each request
random.seed(11)

# Adopted pairs of fresh firms and people, and two drafts for each, made beside the road.
MAKE = """
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.copies(room text, source uuid, changes jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE names text; made uuid := gen_random_uuid(); BEGIN
SELECT string_agg(quote_ident(column_name), ',') INTO names FROM information_schema.columns
WHERE table_schema = 'app' AND table_name = room AND is_generated = 'NEVER';
EXECUTE format('INSERT INTO app.%1$I (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::app.%1$I,'
    '(SELECT to_jsonb(t) FROM app.%1$I t WHERE t.id = $1) || $2)', room, names)
USING source, changes || jsonb_build_object('id', made); RETURN made; END $$;
CREATE TABLE public.race (n integer PRIMARY KEY, match_id uuid, list_a uuid, list_b uuid);
WITH base AS MATERIALIZED (
    SELECT (SELECT id FROM app.specialist WHERE status = 'registered' ORDER BY code LIMIT 1) AS person,
           d.id AS demand, d.enterprise_id AS firm, d.unit_id
    FROM app.demand d JOIN app.enterprise e ON e.id = d.enterprise_id
    WHERE d.status = 'open' AND e.status = 'active' ORDER BY d.id LIMIT 1),
round AS (
    INSERT INTO app.match_round (id, version, created_at, updated_at, status, policy_id, title, year, method, start_on,
                                 weights)
    SELECT gen_random_uuid(), 1, app.now(), app.now(), 'adopted', p.id, 'race', 2026, 'manual', app.today() + 60, '{}'
    FROM app.policy p WHERE p.status = 'adopted' LIMIT 1 RETURNING id),
sides AS MATERIALIZED (
    SELECT n, b.*, pg_temp.copies('enterprise', b.firm, jsonb_build_object('uscc', lpad(n::text, 18, '0'))) AS new_firm,
           pg_temp.copies('specialist', b.person, jsonb_build_object('code', 'TP-2099-' || lpad(n::text, 6, '0'),
               'id_no_index', '\\x' || md5(n::text))) AS new_person
    FROM base b CROSS JOIN generate_series(1, RACES) n),
needs AS MATERIALIZED (
    SELECT s.*, pg_temp.copies('demand', s.demand, jsonb_build_object('enterprise_id', s.new_firm, 'status', 'matched',
               'priority_no', NULL)) AS new_demand
    FROM sides s),
matches AS (
    INSERT INTO app.match (id, version, created_at, updated_at, unit_id, status, round_id, demand_id, enterprise_id,
                           specialist_id, origin, score_bp, components, enterprise_answer, specialist_answer)
    SELECT gen_random_uuid(), 1, app.now(), app.now(), s.unit_id, 'adopted', r.id, s.new_demand, s.new_firm,
           s.new_person, 'manual', 5000, '[]', 'accepted', 'accepted'
    FROM needs s CROSS JOIN round r RETURNING id)
INSERT INTO public.race SELECT row_number() OVER (), id, gen_random_uuid(), gen_random_uuid() FROM matches;
INSERT INTO app.dispatch_list (id, version, created_at, updated_at, status, title, year, batch_no)
SELECT l.id, 1, app.now(), app.now(), 'draft', 'race', 2099, r.n * 2 + l.k
FROM public.race r CROSS JOIN LATERAL (VALUES (r.list_a, 0), (r.list_b, 1)) AS l(id, k);
"""
house.sql(MAKE.replace('RACES', str(RACES)))
races = [line.split('|') for line in house.sql('SELECT match_id, list_a, list_b FROM public.race ORDER BY n').split('\n')]
COUNTY = house.sql("SELECT a.login_name FROM app.account a JOIN app.match m ON m.unit_id = a.unit_id"
                   " JOIN public.race r ON r.match_id = m.id WHERE a.role = 'county' AND a.office = 'st'"
                   " AND a.status = 'active' LIMIT 1")
tokens = {}


def sign_in():
    for login in ('shi.kj', 'shi.kj2', 'shi.rc', COUNTY):
        tokens[login] = house.sign_in(login)


def post(login, path, body=None, version=None):
    """Status, code and body. What got no answer or is asked to be sent again is sent again, under the same key."""
    headers = {'Idempotency-Key': secrets.token_hex(16)}
    if version is not None:
        headers['If-Match'] = f'"{version}"'
    for _ in range(20):
        status, answer = house.get(path, tokens[login], body=body, headers=headers, method='POST')
        said = json.loads(answer or b'{}')
        if status != 0 and said.get('code') not in ('concurrent_change', 'idempotency_in_progress', 'unavailable'):
            break
        time.sleep(0.05)
    return status, said.get('code'), said


def at_once(*calls):
    gate = threading.Barrier(len(calls))

    def go(call):
        gate.wait()
        return call[0](*call[1:])
    return list(pool.map(go, calls))


def put(n, match, lists):
    """The list that got the pair."""
    answers = at_once(*[(post, login, f'/v1/dispatch-lists/{one}/lines', {'match_id': match})
                        for login, one in zip(('shi.kj', 'shi.kj2'), lists)])
    won = [one for one, answer in zip(lists, answers) if answer[0] == 201]
    lost = [answer for answer in answers if answer[0] != 201]
    check(len(won) == 1, f'race {n}: {[(a[0], a[1]) for a in answers]}')
    check(all(a[1] == 'placement_overlap' for a in lost), f'race {n}: the other hears {[a[1] for a in lost]}')
    return won[0]


def bar(person):
    """What a sanction does: it holds what stands on the person, then bars him."""
    house.sql(f"BEGIN; SET LOCAL app.actor = 'system'; SET LOCAL app.operation = 'race'; SELECT app.papers_hold(NULL,"
              f" NULL, '{person}'); UPDATE app.specialist SET barred_until = app.today() + 30 WHERE id = '{person}';"
              " COMMIT")
    return 200, None, {}


def leave(word, match):
    """The call by which one side leaves."""
    demand, person, version, paused = house.sql(
        "SELECT d.id, s.id, d.version, s.version FROM app.match m JOIN app.demand d ON d.id = m.demand_id"
        f" JOIN app.specialist s ON s.id = m.specialist_id WHERE m.id = '{match}'").split('|')
    if word == 'bar':
        return bar, person
    if word == 'suspension':
        return post, 'shi.kj2', f'/v1/specialists/{person}/suspension', {'reason': '核实情况'}, paused
    body = {'close_reason': 'withdrawn', 'entered_for': {'side': 'enterprise', 'reason': '企业电话委托'}}
    return post, COUNTY, f'/v1/demands/{demand}/withdrawal', body, version


def concurred(n, one):
    """The version of the list once every line is concurred."""
    status, _, said = post('shi.kj', f'/v1/dispatch-lists/{one}/consultation', version=2)
    check(status == 200, f'race {n}: consultation {status} {said}')
    lines = [{'line_id': line['id'], 'opinion': 'concur'} for line in said['lines']]
    status, _, said = post('shi.rc', f'/v1/dispatch-lists/{one}/concurrence', {'lines': lines}, said['version'])
    check(status == 200, f'race {n}: concurrence {status} {said}')
    return said['version']


def end(n, one, match):
    """What two did to one list at once, as the states of the list and its line."""
    version = concurred(n, one)
    word = random.choice(('fixing', 'reopening', 'cancellation', 'withdrawal', 'suspension', 'bar'))
    path = f'/v1/dispatch-lists/{one}/'
    fix = (post, 'shi.kj', path + 'fixing', None, version)
    if word in ('withdrawal', 'suspension', 'bar'):
        answers = at_once(fix, leave(word, match))
        check(answers[1][0] == 200, f'race {n}: {word} gave {answers[1][:2]}')
        check(answers[0][0] in (200, 409, 412, 422), f'race {n}: fixing against {word} gave {answers[0][:2]}')
        if word == 'suspension':
            return 'fixed fixed' if answers[0][0] == 200 else 'concurred listed'
        return 'fixed lapsed' if answers[0][0] == 200 else 'concurred struck'
    body = None if word == 'fixing' else {'reason': '另有安排'}
    answers = at_once(fix, (post, 'shi.kj2', path + word, body, version))
    check(sorted(a[0] for a in answers) == [200, 412], f'race {n}: fixing and {word} gave {[a[:2] for a in answers]}')
    if word == 'fixing' or answers[0][0] == 200:
        return 'fixed fixed'
    return {'reopening': 'draft listed', 'cancellation': 'cancelled struck'}[word]


ends = collections.Counter()
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for n, (match, list_a, list_b) in enumerate(races):
        if n % PORTION == 0:
            sign_in()
        ends[end(n, put(n, match, (list_a, list_b)), match)] += 1

overlaps = int(house.sql("SELECT count(*) FROM app.dispatch_line a JOIN app.dispatch_line b ON a.id < b.id AND"
                         " (a.specialist_id = b.specialist_id OR a.enterprise_id = b.enterprise_id)"
                         " WHERE a.status IN ('listed', 'fixed') AND b.status IN ('listed', 'fixed')"))
check(overlaps == 0, f'{overlaps} overlaps')
lines = dict(row.split('|') for row in house.sql(
    "SELECT d.status || ' ' || l.status, count(*) FROM app.dispatch_line l JOIN app.dispatch_list d ON d.id = l.list_id"
    " WHERE d.title = 'race' GROUP BY 1").split('\n'))
check({k: int(v) for k, v in lines.items()} == dict(ends), f'{lines} for {dict(ends)}')
late = int(house.sql("SELECT count(*) FROM app.event f JOIN app.dispatch_line l ON l.id = f.subject_id JOIN app.event p"
                     " ON p.subject_id = l.specialist_id AND p.changes #>> '{status,new}' = 'suspended'"
                     " WHERE f.changes #>> '{status,new}' = 'fixed' AND p.seq < f.seq"))
check(late == 0, f'{late} lines were fixed for a person who had paused')
print(f'{len(races)} races, {overlaps} overlaps, {late} fixed after a pause; {dict(ends)}')
check.report()
