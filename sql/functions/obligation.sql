-- What falls due in a term and in a year, and what lapses (articles 10 to 14).

-- What falls due more than once in a period is told apart from the second time on.
CREATE OR REPLACE FUNCTION app.nth_period(period text, nth integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN nth > 1 THEN period || '-' || nth ELSE period END $$;

-- Duties of a term by the numbers of its policy. Periods run from the first day, not by the calendar: a month that has
-- no such day ends earlier. The last period ends with the term; a half-year that is the whole term has no middle.
CREATE OR REPLACE FUNCTION app.obligation_plan(of_policy uuid, of_unit text, start_on date, end_on date)
RETURNS TABLE (kind text, debtor_role text, debtor_office text, period text, period_from date, period_to date,
               due_on date) LANGUAGE sql STABLE AS
$$
    WITH span AS (
        SELECT m.period, (start_on + make_interval(months => m.first))::date AS from_on,
               CASE WHEN m.last = 12 THEN end_on
                    ELSE least((start_on + make_interval(months => m.last))::date - 1, end_on) END AS to_on
        FROM (VALUES ('q1', 0, 3), ('q2', 3, 6), ('q3', 6, 9), ('q4', 9, 12), ('h1', 0, 6), ('h2', 6, 12),
                     ('y1', 0, 12)) AS m(period, first, last)
        UNION ALL SELECT 'start', start_on, start_on
        UNION ALL SELECT 'end', start_on, end_on)
    SELECT d.kind, d.debtor_role, d.debtor_office, app.nth_period(p.period, nth),
           CASE WHEN p.period IS NOT NULL THEN s.from_on END, CASE WHEN p.period IS NOT NULL THEN s.to_on END,
           s.to_on + coalesce(app.policy_value_of(of_policy, d.days, of_unit)::int, 0)
    FROM (VALUES ('work_plan', 'specialist', NULL, '{start}'::text[], 'work_plan_due_days', NULL),
                 ('quarter_report', 'enterprise', NULL, '{q1,q2,q3,q4}', 'quarter_due_days', NULL),
                 ('half_year_report', 'enterprise', NULL, '{h1}', 'half_year_due_days', NULL),
                 ('mid_term_statement', 'specialist', NULL, '{h1}', 'half_year_due_days', NULL),
                 ('mid_term_statement', 'enterprise', NULL, '{h1}', 'half_year_due_days', NULL),
                 ('mid_term_evaluation', 'county', NULL, '{h1}', 'mid_term_due_days', NULL),
                 ('inspection', 'county', NULL, '{h1,h2}', NULL, 'inspections_per_half_year'),
                 ('annual_report', 'enterprise', NULL, '{y1}', 'annual_due_days', NULL),
                 ('annual_statement', 'specialist', NULL, '{y1}', 'annual_due_days', NULL),
                 ('annual_statement', 'enterprise', NULL, '{y1}', 'annual_due_days', NULL),
                 ('annual_evaluation', 'county', NULL, '{y1}', 'annual_evaluation_due_days', NULL),
                 ('closure', 'county', 'st', '{end}', 'closure_due_days', NULL))
         AS d(kind, debtor_role, debtor_office, periods, days, times)
    JOIN span s ON s.period = ANY (d.periods)
    CROSS JOIN LATERAL (SELECT CASE WHEN s.period NOT IN ('start', 'end') THEN s.period END AS period) p
    CROSS JOIN generate_series(1, coalesce(app.policy_value_of(of_policy, d.times, of_unit)::int, 1)) nth
    WHERE s.from_on <= end_on
      AND NOT coalesce(app.policy_value_of(of_policy, 'quarter_replaced', of_unit) ? s.period, false)
      AND (d.periods <> '{h1}' OR (start_on + interval '6 months')::date <= end_on)
$$;

-- A kind as people call it.
CREATE OR REPLACE FUNCTION app.obligation_name(kind text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT CASE kind WHEN 'work_plan' THEN '工作计划' WHEN 'quarter_report' THEN '季度工作进展'
                     WHEN 'half_year_report' THEN '半年工作小结' WHEN 'mid_term_statement' THEN '中期自评'
                     WHEN 'mid_term_evaluation' THEN '中期评价' WHEN 'inspection' THEN '跟踪检查'
                     WHEN 'annual_report' THEN '年度工作总结' WHEN 'annual_statement' THEN '年度自评'
                     WHEN 'annual_evaluation' THEN '年度考核' WHEN 'closure' THEN '结清归档'
                     WHEN 'city_meeting' THEN '市级工作会议' WHEN 'county_symposium' THEN '县区座谈会' END
$$;

-- The meetings of the calendar (article 11) that lie ahead from a day on: the city's of its year and, where a unit is
-- named, the symposia of that unit. What is there already stays.
CREATE OR REPLACE FUNCTION app.obligation_calendar(of_unit text, from_on date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    year CONSTANT integer := extract(year FROM from_on);
    made integer;
BEGIN
    INSERT INTO app.obligation (id, unit_id, kind, debtor_role, debtor_office, period, period_from, period_to, due_on)
    SELECT app.id_from(concat_ws(' ', 'obligation', c.kind, c.unit, p.period)), c.unit, c.kind, c.debtor_role,
           c.debtor_office, p.period, c.first, c.last, c.last
    FROM (VALUES (NULL, 'city_meeting', 'city', 'st', year::text, make_date(year, 1, 1), make_date(year, 12, 31),
                  'city_meetings_per_year'),
                 (of_unit, 'county_symposium', 'county', NULL, year || '-H1', make_date(year, 1, 1),
                  make_date(year, 6, 30), 'symposia_per_half_year'),
                 (of_unit, 'county_symposium', 'county', NULL, year || '-H2', make_date(year, 7, 1),
                  make_date(year, 12, 31), 'symposia_per_half_year'))
         AS c(unit, kind, debtor_role, debtor_office, period, first, last, times)
    CROSS JOIN generate_series(1, coalesce(app.policy_value(c.times, c.unit)::int, 1)) nth
    CROSS JOIN LATERAL (SELECT app.nth_period(c.period, nth) AS period) p
    WHERE c.last >= from_on AND (c.unit IS NOT NULL OR c.debtor_role = 'city')
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END
$$;

-- Dates that have passed.
CREATE OR REPLACE FUNCTION app.job_obligation_lapse(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    moved integer;
BEGIN
    UPDATE app.obligation SET status = 'overdue'
    WHERE id IN (SELECT o.id FROM app.obligation o
                 WHERE o.status = 'open' AND app.due(o.extended_to, o.due_on) < day
                 LIMIT app.job_portion() FOR UPDATE);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

-- On the first of January the meetings of the year: the city's, and those of the units where somebody serves.
CREATE OR REPLACE FUNCTION app.job_obligation_calendar(day date) RETURNS integer LANGUAGE plpgsql AS
$$
DECLARE
    made integer := 0;
    unit text;
BEGIN
    IF to_char(day, 'MM-DD') <> '01-01' THEN
        RETURN 0;
    END IF;
    made := app.obligation_calendar(NULL, day);
    FOR unit IN SELECT DISTINCT p.unit_id FROM app.placement p WHERE p.status IN ('active', 'suspended') ORDER BY 1 LOOP
        made := made + app.obligation_calendar(unit, day);
    END LOOP;
    RETURN made;
END
$$;
