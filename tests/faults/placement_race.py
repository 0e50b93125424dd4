#!/usr/bin/env python3
"""Two notices are issued at one moment that would send the same specialist, or both to the same enterprise, on
overlapping days. One goes out, the other is told so, and the table never holds two placements on a day. RACES sets how
many races there are; 300 when nothing is said. Some of the racers are four notices at once, of two people each."""
import collections, concurrent.futures, json, os, random
from house import Checks, House

RACES = int(os.environ.get('RACES', '300'))
check = Checks()
house = House(TEPAI_THREADS='8')
token = house.sign_in('shi.kj')
random.seed(148)

# Everything but the last step is put there: firms, persons, filed agreements and notices that four offices have approved.
house.sql(f"""
    SET session_replication_role = replica;
    INSERT INTO app.enterprise (id, version, created_at, updated_at, unit_id, status, side, shown, uscc, name,
        is_legal_person, figures, is_above_scale, is_weak_rd_sme, rd_platforms, other_programmes, priority_bp)
    SELECT gen_random_uuid(), 1, app.now(), app.now(), '140423', 'active', 'enterprise', true, 'RACE' || lpad(n::text, 14, '0'),
        'race' || n, true, '[]', false, false, '{{}}', '{{}}', 0 FROM generate_series(1, {RACES} * 2) n;
    INSERT INTO app.specialist (id, version, created_at, updated_at, status, code, application_id, full_name, id_no_index,
        specialties, tech_fields, industries, achievements, work_history, preferred_units, other_programmes,
        eligibility_ground, waived, valid_from, valid_to)
    SELECT gen_random_uuid(), 1, app.now(), app.now(), 'registered', 'TP-2096-' || lpad(n::text, 5, '0'), gen_random_uuid(),
        'race' || n, sha256(uuid_send(gen_random_uuid())), '{{}}', '{{}}', '{{}}', '[]', '[]', '{{}}', '{{}}', 'title', false,
        app.today(), app.today() + 900 FROM generate_series(1, {RACES} * 2) n""")
ids = {}
for kind, table, column in (('firm', 'enterprise', 'uscc'), ('person', 'specialist', 'code')):
    ids[kind] = house.sql(f"SELECT id FROM app.{table} WHERE {column} LIKE 'RACE%' OR {column} LIKE 'TP-2096-%' "
                          f'ORDER BY {column}').split('\n')


def lines_of(race):
    """For each notice of a race its lines (firm, person, days until it starts); any two share somebody."""
    firms, persons = ids['firm'][2 * race:2 * race + 2], ids['person'][2 * race:2 * race + 2]
    if race % 4 == 0:
        return [[(firms[0], persons[0], 5)], [(firms[1], persons[0], 200)]]
    if race % 4 == 1:
        return [[(firms[0], persons[0], 5)], [(firms[0], persons[1], 368)]]
    if race % 4 == 2:
        return [[(firms[0], persons[0], 5)], [(firms[0], persons[0], 5)]]
    pairs = [(firms[0], persons[0], 5), (firms[1], persons[1], 5)], [(firms[1], persons[0], 5), (firms[0], persons[1], 5)]
    return [list(pairs[0]), list(pairs[1]), list(reversed(pairs[0])), list(reversed(pairs[1]))]


agreements, notices, note_lines, races = [], [], [], []
for race in range(RACES):
    numbers = []
    for lines in lines_of(race):
        notices.append(len(notices))
        numbers.append(notices[-1])
        for position, (firm, person, start) in enumerate(lines, 1):
            agreements.append((len(agreements), firm, person, start))
            note_lines.append((numbers[-1], len(agreements) - 1, position, firm, person))
    races.append(numbers)
uuid = "overlay(md5('{} ' || {}) PLACING '4' FROM 13)::uuid".format
house.sql('CREATE TABLE public.a (n integer, firm uuid, person uuid, start integer);'
          'CREATE TABLE public.l (notice integer, agreement integer, position integer, firm uuid, person uuid)')
for table, rows in (('a', agreements), ('l', note_lines)):  # as many at once as a command line holds
    for begin in range(0, len(rows), 500):
        house.sql(f'INSERT INTO public.{table} VALUES '
                  + ','.join(str(row) for row in rows[begin:begin + 500]))
house.sql(f"""
    SET session_replication_role = replica;
    INSERT INTO app.agreement SELECT (jsonb_populate_record(NULL::app.agreement, jsonb_build_object(
        'id', {uuid('agreement', 'a.n')}, 'version', 1, 'created_at', app.now(), 'updated_at', app.now(), 'unit_id', '140423',
        'status', 'filed', 'line_id', gen_random_uuid(), 'agreement_no', 'RACE-' || a.n, 'version_no', 1, 'policy_id',
        app.policy_current(), 'specialist_id', a.person, 'institution_id', (SELECT min(id::text) FROM app.institution),
        'enterprise_id', a.firm, 'demand_id', (SELECT min(id::text) FROM app.demand), 'start_on', app.today() + a.start,
        'end_on', app.today() + a.start + 364, 'service_quota', 10, 'service_forms', '[]'::jsonb, 'tasks', '[]'::jsonb,
        'signed_parties', '["specialist", "institution", "enterprise"]'::jsonb, 'filing_no', 'RACE-' || a.n,
        'filed_on', app.today()))).* FROM public.a;
    INSERT INTO app.dispatch_notice (id, version, created_at, updated_at, status, title, approval_count)
    SELECT DISTINCT {uuid('notice', 'l.notice')}, 1, app.now(), app.now(), 'approved', 'race', 4 FROM public.l;
    INSERT INTO app.dispatch_notice_agreement (notice_id, agreement_id, position, unit_id, enterprise_id, specialist_id)
    SELECT {uuid('notice', 'l.notice')}, {uuid('agreement', 'l.agreement')}, l.position, '140423', l.firm, l.person
    FROM public.l""")
notice_id = dict(line.split('|') for line in house.sql(
    f"SELECT DISTINCT notice || '|' || {uuid('notice', 'notice')} FROM public.l").split('\n'))
year = house.sql("SELECT to_char(app.today(), 'YYYY')")


def issue(number):
    """Status and code; what lost by a deadlock is sent again, as its answer says."""
    for _ in range(30):
        status, body = house.get(f'/v1/dispatch-notices/{notice_id[str(number)]}/issuance', token,
                                 body={'doc_no': f'{"试验" if number < 9000 else "再试"}〔{year}〕{number % 9000 + 1}号'},
                                 headers={'If-Match': '"1"'})
        code = json.loads(body)['code'] if status >= 400 else ''
        if code != 'concurrent_change':
            break
    return status, code


told = collections.Counter()
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    for race, numbers in enumerate(races):
        random.shuffle(numbers)
        answers = list(pool.map(issue, numbers))
        told.update(answers)
        won = sum(status == 200 for status, _ in answers)
        check(won == 1, f'race {race}: {answers}')
        check(all(a in ((200, ''), (409, 'placement_overlap')) for a in answers), f'race {race}: {answers}')
overlaps = int(house.sql("""
    SELECT count(*) FROM app.placement a JOIN app.placement b ON a.id < b.id
        AND (a.specialist_id = b.specialist_id OR a.enterprise_id = b.enterprise_id)
        AND daterange(a.start_on, a.end_on, '[]') && daterange(b.start_on, b.end_on, '[]')
    WHERE a.status <> 'cancelled' AND b.status <> 'cancelled'"""))
placed = int(house.sql('SELECT count(*) FROM app.placement p JOIN public.l ON '
                       f"{uuid('agreement', 'l.agreement')} = p.agreement_id"))
check(overlaps == 0, f'{overlaps} overlaps')
check(placed == sum(2 if race % 4 == 3 else 1 for race in range(RACES)), f'{placed} placements')
check(house.sql("SELECT count(*) FROM app.dispatch_notice WHERE title = 'race' AND status = 'issued'") == str(RACES),
      'one notice of each race is issued')
print(f'{RACES} races, {sum(told.values())} requests, {told[(409, "placement_overlap")]} told of an overlap, {overlaps} overlaps')
check.report()
