#!/usr/bin/env python3
"""Two officials adopt two rounds at the same moment, in which the same person, firm or demand is confirmed. One of them
has it, never both; what else they confirmed goes through. Then a round is adopted while one of its people pauses, which
comes before the adoption of the whole or after it, or is barred, which takes his pair out: who has left is not adopted. RACES says how often; 20 when nothing is said."""
import concurrent.futures, json, os, time, uuid
from house import Checks, House
from matching import fill

RACES = int(os.environ.get('RACES', '20'))
check = Checks()
house = House(TEPAI_THREADS='8')
fill(house, 300, 1)
policy = house.sql("SELECT id FROM app.policy WHERE status = 'adopted'")


def prepare(n):
    """Two rounds; in each a pair of its own and one that it shares a side with the other's."""
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    firm = [n * 4 % 300 + i + 1 for i in range(4)]
    by_person = n % 2 == 0
    shared = ((first, firm[0], firm[0]), (second, firm[1], firm[0])) if by_person else \
             ((first, firm[0], firm[0]), (second, firm[0], firm[1]))
    rows = [*shared, (first, firm[2], firm[2]), (second, firm[3], firm[3])]
    values = ', '.join(f"('{r}'::uuid, {d}, {p})" for r, d, p in rows)
    house.sql(f"""SET session_replication_role = replica;
UPDATE app.match SET status = 'released' WHERE status <> 'released';
UPDATE app.demand SET status = 'open' WHERE status = 'matched' AND id IN (SELECT demand FROM probe.firm);
INSERT INTO app.match_round (id, version, created_at, updated_at, status, policy_id, title, year, method, start_on, weights)
SELECT r, 1, app.now(), app.now(), 'proposed', '{policy}', '竞争', 2027, 'manual', '2027-01-01',
       '{{"match_candidates": "one_sided", "match_min_score_bp": 3000}}' FROM unnest(ARRAY['{first}', '{second}']::uuid[]) r;
INSERT INTO app.match (id, version, created_at, updated_at, unit_id, status, round_id, demand_id, enterprise_id,
                       specialist_id, origin, score_bp, components, enterprise_answer, specialist_answer)
SELECT gen_random_uuid(), 1, app.now(), app.now(), x.unit_id, 'confirmed', v.round, d.demand, d.id, p.person, 'manual', 5000,
       '[]', 'accepted', 'accepted'
FROM (VALUES {values}) v(round, d, p) JOIN probe.firm d ON d.n = v.d JOIN probe.firm p ON p.n = v.p
JOIN app.demand x ON x.id = d.demand""")
    return first, second


def adopt(round_id, token):
    return house.get(f'/v1/match-rounds/{round_id}/adoption', token, body={}, headers={'If-Match': '"1"'}, method='POST')


def leave(n, person, token):
    """Every second one pauses at the city's word; the others are barred as by a sanction, which holds their papers."""
    if n % 2 == 0:
        version = house.sql(f"SELECT version FROM app.specialist WHERE id = '{person}'")
        return house.get(f'/v1/specialists/{person}/suspension', token, body={'reason': '核实情况'},
                         headers={'If-Match': f'"{version}"'}, method='POST')[0]
    house.sql("BEGIN; SET LOCAL app.actor = 'system'; SET LOCAL app.operation = 'race'; SELECT app.papers_hold(NULL,"
              f" NULL, '{person}'); UPDATE app.specialist SET barred_until = app.today() + 30 WHERE id = '{person}';"
              " COMMIT")
    return 200


def adopt_while_one_leaves(n, pool, tokens):
    """Whether the person's pair was adopted, which is before he left."""
    round_id, _ = prepare(n)
    matches = f"app.match m WHERE m.round_id = '{round_id}'"
    person, began = house.sql(f'SELECT m.specialist_id, (SELECT max(seq) FROM app.event) FROM {matches}'
                              ' ORDER BY m.specialist_id LIMIT 1').split('|')
    adoption = pool.submit(adopt, round_id, tokens[0])
    left = pool.submit(leave, n, person, tokens[1]).result()
    status, said = adoption.result()
    check(left == 200, f'race {n}: leaving gave {left}')
    check(status == 200 or b'pair_standing_lost' in said, f'race {n}: adoption gave {status} {said[:300]}')
    his, other = (house.sql(f"SELECT m.status FROM {matches} AND m.specialist_id {sign} '{person}'")
                  for sign in ('=', '<>'))
    check(other == ('adopted' if status == 200 else 'confirmed'), f'race {n}: the other pair is {other} after {status}')
    if n % 2 == 0:
        check(his == other, f'race {n}: the pair of who paused is {his} after {status}')
    else:
        check(his not in ('proposed', 'confirmed', 'adopted'), f'race {n}: the pair of who was barred is {his}')
    late = house.sql("SELECT count(*) FROM app.event a, app.event p WHERE a.subject_id IN"
                     f" (SELECT m.id FROM {matches} AND m.specialist_id = '{person}') AND p.subject_id = '{person}'"
                     f" AND a.changes #>> '{{status,new}}' = 'adopted' AND p.seq BETWEEN {began} + 1 AND a.seq")
    check(late == '0', f'race {n}: adopted after he had left')
    house.sql("SET session_replication_role = replica; UPDATE app.specialist SET status = 'registered', barred_until ="
              f" NULL, suspended_by_side = NULL, suspended_reason = NULL WHERE id = '{person}'")
    return status == 200 and his in ('adopted', 'released')


doubled = adopted = before_leaving = 0
tokens, since = None, 0
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for n in range(RACES):
        if time.monotonic() - since > 200:
            tokens, since = [house.sign_in('shi.kj'), house.sign_in('shi.kj2')], time.monotonic()
        rounds = prepare(n)
        answers = list(pool.map(adopt, rounds, tokens))
        check(all(status == 200 for status, _ in answers), f'race {n}: {[(s, b[:300]) for s, b in answers if s != 200]}')
        got, twice = house.sql(
            "SELECT count(*) FILTER (WHERE status = 'adopted') || '+' || count(*) FILTER (WHERE status = 'excluded'), (SELECT"
            " count(*) FROM (SELECT 1 FROM app.match WHERE status = 'adopted' GROUP BY specialist_id HAVING count(*) > 1 UNION"
            " ALL SELECT 1 FROM app.match WHERE status = 'adopted' GROUP BY enterprise_id HAVING count(*) > 1) x) FROM"
            f" app.match WHERE round_id IN ('{rounds[0]}', '{rounds[1]}')").split('|')
        check(got == '3+1', f'race {n}: three of four are adopted, {got}')
        adopted += 3
        doubled += int(twice)
        counts = json.loads(answers[0][1]).get('counts', {}).get('matched', 0) + \
            json.loads(answers[1][1]).get('counts', {}).get('matched', 0)
        check(counts == 3, f'race {n}: the rounds tell what they took: {counts}')
        before_leaving += adopt_while_one_leaves(n, pool, tokens)
check(doubled == 0, f'nobody is adopted twice: {doubled}')
print(f'{RACES} races of two adoptions, {adopted} pairs adopted, {doubled} doubled; {before_leaving} of {RACES} pairs were'
      ' adopted before one side left')
check.report()
