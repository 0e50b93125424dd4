#!/usr/bin/env python3
"""What falls due in a term, reckoned here anew from the rules in words and compared with what the service makes when a
placement begins: 1,000 first days drawn by chance, the two the rules were written with, and every last day of a month
over four years. DATES_SEED repeats a draw."""
import calendar, collections, datetime, os, random, secrets
from house import Checks, House

DAY = datetime.timedelta(days=1)


def months_later(day, months):
    """The same day of a later month, or its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_after(day, days):
    return day + days * DAY


def expected(first):
    """Kind, debtor, office, period, its first and last day, due day."""
    end_of = {months: months_later(first, months) - DAY for months in (3, 6, 9, 12)}
    quarters = {'q1': (first, end_of[3]), 'q3': (months_later(first, 6), end_of[9])}
    first_half, second_half = (first, end_of[6]), (months_later(first, 6), end_of[12])
    year = (first, end_of[12])
    rows = [('work_plan', 'specialist', None, None, None, None, days_after(first, 30)),
            ('closure', 'county', 'st', None, None, None, days_after(end_of[12], 90))]
    for name, span in quarters.items():
        rows.append(('quarter_report', 'enterprise', None, name, *span, days_after(span[1], 10)))
    rows.append(('half_year_report', 'enterprise', None, 'h1', *first_half, days_after(end_of[6], 15)))
    for side in ('specialist', 'enterprise'):
        rows.append(('mid_term_statement', side, None, 'h1', *first_half, days_after(end_of[6], 15)))
        rows.append(('annual_statement', side, None, 'y1', *year, days_after(end_of[12], 15)))
    rows.append(('mid_term_evaluation', 'county', None, 'h1', *first_half, days_after(end_of[6], 30)))
    rows.append(('inspection', 'county', None, 'h1', *first_half, end_of[6]))
    rows.append(('inspection', 'county', None, 'h2', *second_half, end_of[12]))
    rows.append(('annual_report', 'enterprise', None, 'y1', *year, days_after(end_of[12], 15)))
    rows.append(('annual_evaluation', 'county', None, 'y1', *year, days_after(end_of[12], 30)))
    return rows


def meetings(first):
    """Those of the calendar that a unit's first placement brings: the city's year and the halves that are not over."""
    rows = [('city_meeting', 'city', 'st', str(first.year), datetime.date(first.year, 12, 31))]
    if first <= datetime.date(first.year, 6, 30):
        rows.append(('county_symposium', 'county', None, f'{first.year}-H1', datetime.date(first.year, 6, 30)))
    rows.append(('county_symposium', 'county', None, f'{first.year}-H2', datetime.date(first.year, 12, 31)))
    return rows


def text(rows):
    return sorted('|'.join('' if value is None else str(value) for value in row) for row in rows)


check = Checks()
known = {'2026-04-01': '2026-05-01 2026-07-10 2026-09-30 2026-10-15 2026-10-15 2026-10-15 2026-10-30 2027-01-10 '
                       '2027-03-31 2027-04-15 2027-04-15 2027-04-15 2027-04-30 2027-06-29',
         '2026-08-31': '2026-09-30 2026-12-09 2027-02-27 2027-03-14 2027-03-14 2027-03-14 2027-03-29 2027-06-09 '
                       '2027-08-30 2027-09-14 2027-09-14 2027-09-14 2027-09-29 2027-11-28'}
for first, dates in known.items():
    reckoned = ' '.join(sorted(str(row[-1]) for row in expected(datetime.date.fromisoformat(first))))
    check(reckoned == dates, f'the dates written down for {first}: {reckoned}')

seed = int(os.environ.get('DATES_SEED', secrets.randbelow(1 << 32)))
print(f'DATES_SEED={seed}')
chance = random.Random(seed)
epoch = datetime.date(2024, 6, 10)
firsts = [days_after(epoch, chance.randrange(365 * 14)) for _ in range(1000)]
firsts += [datetime.date.fromisoformat(first) for first in known]
firsts += [months_later(datetime.date(2027, 1, 31), months) for months in range(48)]

house = House()
# Placements that wait, each of a firm and a person of its own; a unit of its own for each year that the calendar asks.
house.sql(f"""
    SET session_replication_role = replica;
    CREATE TABLE public.first_day (n integer PRIMARY KEY, day date);
    INSERT INTO public.first_day SELECT i, d::date FROM unnest(string_to_array('{','.join(map(str, firsts))}', ','))
        WITH ORDINALITY AS f(d, i);
    INSERT INTO app.placement (id, version, created_at, updated_at, unit_id, status, placement_no, policy_id,
        specialist_id, enterprise_id, institution_id, demand_id, agreement_id, notice_id, start_on, end_on, service_quota)
    SELECT gen_random_uuid(), 1, app.now(), app.now(), '140423', 'pending', 'DAY-' || n, app.policy_current(),
        gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
        day, (day + interval '12 months')::date - 1, 10 FROM public.first_day;
    RESET session_replication_role""")
# As the worker begins them: one statement, every trigger awake.
house.sql("""
    DO $$ BEGIN
        PERFORM set_config('app.actor', 'system', true), set_config('app.operation', 'placement_activate', true);
        ALTER TABLE app.obligation DROP CONSTRAINT obligation_enterprise_id_fkey, DROP CONSTRAINT obligation_specialist_id_fkey;
        UPDATE app.placement SET status = 'active' WHERE placement_no LIKE 'DAY-%';
    END $$""")
made = collections.defaultdict(list)
for line in house.sql("""
    SELECT concat_ws('|', split_part(p.placement_no, '-', 2), o.kind, o.debtor_role, coalesce(o.debtor_office, ''),
           coalesce(o.period, ''), coalesce(o.period_from::text, ''), coalesce(o.period_to::text, ''), o.due_on)
    FROM app.obligation o JOIN app.placement p ON p.id = o.placement_id WHERE p.placement_no LIKE 'DAY-%'""").split('\n'):
    n, row = line.split('|', 1)
    made[int(n)].append(row)
for n, first in enumerate(firsts, 1):
    check(sorted(made[n]) == text(expected(first)), f'first day {first}: {sorted(made[n])} instead of {text(expected(first))}')

# The calendar of the year: what the placements of this unit brought, whichever came first.
brought = set().union(*(text(meetings(first)) for first in firsts))
calendar_rows = house.sql("""
    SELECT concat_ws('|', kind, debtor_role, coalesce(debtor_office, ''), period, due_on) FROM app.obligation
    WHERE placement_id IS NULL AND coalesce(unit_id, '140423') = '140423'""").split('\n')
check(sorted(calendar_rows) == sorted(brought), f'meetings: {sorted(set(calendar_rows) ^ brought)}')
check(len(calendar_rows) == len(set(calendar_rows)), 'no meeting stands twice')
print(f'{len(firsts)} first days, {sum(map(len, made.values()))} obligations, {len(calendar_rows)} meetings')
check.report()
