-- name: todo_list
-- What waits for the caller: rows in a state from which the lifecycle makes a step his duty. A returned record waits
-- for the side that entered it; a policy for an administrator who is not its author. Dated ones first, then the oldest.
-- Of each resource, state and side one page at most is read, in the order of the list; a page of these is the answer.
WITH duty AS (
    SELECT l.resource, l.from_state, json_agg(DISTINCT l.step) AS steps
    FROM app.lifecycle l
    WHERE l.duty AND string_to_array(l.who, ', ') && ARRAY[app.fact('actor'), app.my_side()]
    GROUP BY l.resource, l.from_state),
desk AS (
    SELECT d.*, s.side
    FROM duty d CROSS JOIN unnest(ARRAY['city', 'county', 'enterprise', 'specialist']) AS s(side)
    WHERE d.from_state <> 'returned' OR s.side = app.my_side()),
-- Where the page begins; infinity is no date. What never has a date comes after all that has one.
place AS (
    SELECT split_part(:after_1::text, ' ', 1)::date AS due,
           substr(:after_1::text, strpos(:after_1::text, ' ') + 1)::timestamptz AS since,
           coalesce(nullif(:after_id::text, ''), '00000000-0000-0000-0000-000000000000')::uuid AS id),
undated AS (
    SELECT CASE p.due WHEN 'infinity' THEN p.since ELSE '-infinity' END AS since, p.id FROM place p),
waiting AS (
    SELECT 'policy' AS subject_type, w.id, w.title, w.status, k.steps, w.updated_at AS since_at,
           date 'infinity' AS due, NULL::text AS unit_id
    FROM duty k CROSS JOIN undated u CROSS JOIN policy w
    WHERE k.resource = 'policy' AND w.status = k.from_state AND w.created_by IS DISTINCT FROM app.fact('account')::uuid
      AND (SELECT a.is_admin FROM app.account a WHERE a.id = app.fact('account')::uuid)
      AND (w.updated_at, w.id) > (u.since, u.id)
    UNION ALL
    SELECT 'call', w.id, w.title, w.status, k.steps, w.updated_at, 'infinity', w.unit_id
    FROM duty k CROSS JOIN undated u CROSS JOIN call w
    WHERE k.resource = 'call' AND w.status = k.from_state AND (w.updated_at, w.id) > (u.since, u.id)
    UNION ALL
    SELECT 'institution', w.*
    FROM duty k CROSS JOIN undated u CROSS JOIN LATERAL (
        SELECT i.id, i.name, i.status, k.steps, i.updated_at, date 'infinity', NULL
        FROM app.institution i
        WHERE i.status = 'proposed' AND i.status = k.from_state AND (i.updated_at, i.id) > (u.since, u.id)
        ORDER BY i.updated_at, i.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'institution'
    UNION ALL
    SELECT 'bank_account', w.*
    FROM duty k CROSS JOIN undated u CROSS JOIN LATERAL (
        SELECT b.id, b.account_name, b.status, k.steps, b.updated_at, date 'infinity', b.unit_id
        FROM app.bank_account b
        WHERE b.status = 'proposed' AND b.status = k.from_state AND (b.updated_at, b.id) > (u.since, u.id)
          AND b.created_by IS DISTINCT FROM (SELECT app.fact('account')::uuid)
        ORDER BY b.updated_at, b.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'bank_account'
    UNION ALL
    SELECT 'enterprise', w.*
    FROM desk k CROSS JOIN undated u CROSS JOIN LATERAL (
        SELECT e.id, e.name, e.status, k.steps, e.updated_at, date 'infinity', e.unit_id
        FROM app.enterprise e
        WHERE e.status <> 'active' AND e.status = k.from_state AND e.side = k.side
          AND (e.updated_at, e.id) > (u.since, u.id)
        ORDER BY e.updated_at, e.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'enterprise'
    UNION ALL
    SELECT 'application', w.*
    FROM desk k CROSS JOIN place p CROSS JOIN LATERAL (
        SELECT a.id, a.full_name, a.status, k.steps, a.updated_at,
               app.due(a.correct_by_on, a.answer_by_on) AS due, NULL
        FROM app.application a
        WHERE a.status = k.from_state AND a.side = k.side
          AND (app.due(a.correct_by_on, a.answer_by_on), a.updated_at, a.id) > (p.due, p.since, p.id)
        ORDER BY due, a.updated_at, a.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'application'
    UNION ALL
    SELECT 'demand', w.*
    FROM desk k CROSS JOIN place p CROSS JOIN LATERAL (
        SELECT d.id, d.title, d.status, k.steps, d.updated_at, app.due(d.correct_by_on, NULL) AS due, d.unit_id
        FROM app.demand d
        WHERE d.status = k.from_state AND d.side = k.side
          AND (app.due(d.correct_by_on, NULL), d.updated_at, d.id) > (p.due, p.since, p.id)
        ORDER BY due, d.updated_at, d.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'demand')
SELECT w.subject_type, w.id AS subject_id, w.title, w.status, w.steps, w.since_at, nullif(w.due, 'infinity') AS due_on,
       w.unit_id, w.due || ' ' || w.since_at AS after_1, w.id::text AS after_id
FROM waiting w
ORDER BY w.due, w.since_at, w.id
LIMIT :limit::integer
