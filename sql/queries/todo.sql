-- name: todo_list
-- What waits for the caller: rows in a state from which the lifecycle makes a step his duty. A returned record waits
-- for the side that entered it; a policy for an administrator who is not its author; a match for the side that has not
-- answered; a notice for the offices that have not spoken yet. Besides, what the caller owes, and for the lead office
-- placements that could not begin, adopted pairs that are on no list, and agreements that are on no notice or too late
-- for one. Dated ones first, then the oldest.
-- Of each resource, state and side one page at most is read, in the order of the list; a page of these is the answer.
WITH duty AS (
    SELECT l.resource, l.from_state, json_agg(DISTINCT l.step) AS steps
    FROM app.lifecycle l
    WHERE l.duty AND string_to_array(l.who, ', ') && ARRAY[app.fact('actor'), app.my_side()]
      AND (:subject_type::text[] IS NULL OR l.resource = ANY (:subject_type::text[]))
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
    SELECT 'bank_account', w.id, w.title, w.status, k.steps, w.updated_at, 'infinity', w.unit_id
    FROM duty k CROSS JOIN undated u
    CROSS JOIN LATERAL app.todo_bank_account(k.from_state, u.since, u.id, :limit::integer) w
    WHERE k.resource = 'bank_account'
    UNION ALL
    SELECT 'match_round', w.id, w.title, w.status, k.steps, w.updated_at, 'infinity', NULL
    FROM duty k CROSS JOIN undated u CROSS JOIN app.match_round w
    WHERE k.resource = 'match_round' AND w.status = k.from_state AND (w.updated_at, w.id) > (u.since, u.id)
    UNION ALL
    SELECT 'match', w.*
    FROM duty k CROSS JOIN undated u CROSS JOIN LATERAL (
        SELECT m.id, (SELECT coalesce(d.title, concat(u.name_zh, f.zh)) -- a limited one's unit and field
                      FROM demand d JOIN app.unit u ON u.code = d.unit_id
                      LEFT JOIN app.dictionary_entry f ON f.dictionary = 'tech_field' AND f.code = d.tech_field
                      WHERE d.id = m.demand_id), m.status, k.steps, m.updated_at, date 'infinity', m.unit_id
        FROM app.match m
        WHERE m.status = 'proposed' AND m.status = k.from_state AND (m.updated_at, m.id) > (u.since, u.id)
          AND CASE app.my_side() WHEN 'enterprise' THEN m.enterprise_answer ELSE m.specialist_answer END = 'none'
        ORDER BY m.updated_at, m.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'match'
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
    SELECT 'application', w.id, w.title, w.status, k.steps, w.updated_at, w.due, NULL
    FROM desk k CROSS JOIN place p
    CROSS JOIN LATERAL app.todo_application(k.from_state, k.side, p.due, p.since, p.id, :limit::integer) w
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
    WHERE k.resource = 'demand'
    UNION ALL
    SELECT 'agreement', w.*
    FROM duty k CROSS JOIN place p CROSS JOIN LATERAL (
        SELECT a.id, a.agreement_no, a.status, k.steps, a.updated_at,
               app.due(a.issue_by_on, a.sign_by_on) AS due, a.unit_id
        FROM app.agreement a
        WHERE a.status = k.from_state AND (a.status <> 'signing' OR app.agreement_party() <> ALL (a.signed_parties))
          AND (app.due(a.issue_by_on, a.sign_by_on), a.updated_at, a.id) > (p.due, p.since, p.id)
        ORDER BY due, a.updated_at, a.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'agreement'
    UNION ALL
    -- A list on public notice waits for the end of the notice.
    SELECT 'dispatch_list', w.id, w.title, w.status, k.steps, w.updated_at, app.due(w.notice_to, NULL), NULL
    FROM duty k CROSS JOIN place p CROSS JOIN app.dispatch_list w
    WHERE k.resource = 'dispatch_list' AND w.status = k.from_state
      AND (app.due(w.notice_to, NULL), w.updated_at, w.id) > (p.due, p.since, p.id)
    UNION ALL
    -- An open issue waits for who handles it, an assigned one for its owner, a resolved one for its raiser.
    SELECT 'issue', w.*
    FROM duty k CROSS JOIN place p CROSS JOIN LATERAL (
        SELECT i.id, nullif(left(btrim(regexp_replace(i.content, '[[:space:][:cntrl:]]+', ' ', 'g')), 60), ''),
               i.status, k.steps, i.updated_at, app.due(i.confirm_by_on, i.due_on) AS due, i.unit_id
        FROM app.issue i
        WHERE i.status IN ('open', 'assigned', 'resolved') AND i.status = k.from_state
          AND CASE i.status WHEN 'open' THEN app.issue_is_handled(i) WHEN 'assigned' THEN app.issue_is_owned(i)
                            ELSE app.issue_is_raised(i) END
          AND (app.due(i.confirm_by_on, i.due_on), i.updated_at, i.id) > (p.due, p.since, p.id)
        ORDER BY due, i.updated_at, i.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'issue'
    UNION ALL
    SELECT 'dispatch_notice', w.*
    FROM duty k CROSS JOIN undated u CROSS JOIN LATERAL (
        SELECT n.id, n.title, n.status, k.steps, n.updated_at, date 'infinity', NULL
        FROM app.dispatch_notice n
        WHERE n.status IN ('signing_off', 'approved') AND n.status = k.from_state
          AND (n.updated_at, n.id) > (u.since, u.id)
          AND (n.status = 'approved'
               OR NOT EXISTS (SELECT FROM app.dispatch_notice_approval v
                              WHERE v.notice_id = n.id AND 'city/' || v.office = (SELECT app.fact('actor'))))
        ORDER BY n.updated_at, n.id
        LIMIT :limit::integer) w
    WHERE k.resource = 'dispatch_notice'
    UNION ALL
    SELECT 'placement', w.*
    FROM place p CROSS JOIN LATERAL (
        SELECT h.id, h.placement_no, h.status, json_build_array('cancel'), h.updated_at, h.start_on, h.unit_id
        FROM app.placement h
        WHERE h.status = 'pending' AND h.hold_reasons <> '{}' AND (SELECT app.fact('actor')) = 'city/st'
          AND (h.start_on, h.updated_at, h.id) > (p.due, p.since, p.id)
        ORDER BY h.start_on, h.updated_at, h.id
        LIMIT :limit::integer) w
    UNION ALL
    -- What the lead office hands on: an adopted pair to a list, a filed agreement to a notice before its term begins.
    SELECT 'match', w.id, w.title, w.status, '[]'::json, w.updated_at, 'infinity', w.unit_id
    FROM undated u CROSS JOIN LATERAL app.todo_adopted(u.since, u.id, :limit::integer) w
    UNION ALL
    SELECT 'agreement', w.*
    FROM place p CROSS JOIN LATERAL app.todo_agreed(p.due, p.since, p.id, :limit::integer) w
    UNION ALL
    SELECT 'obligation', w.*
    FROM place p CROSS JOIN LATERAL (
        SELECT o.id, concat_ws('：', app.obligation_name(o.kind), e.name), o.status, '[]'::json, o.updated_at,
               app.due(o.extended_to, o.due_on) AS due, o.unit_id
        FROM app.obligation o
        LEFT JOIN app.placement c ON c.id = o.placement_id
        LEFT JOIN app.enterprise e ON e.id = c.enterprise_id
        WHERE o.status IN ('open', 'overdue') AND o.debtor_role = (SELECT app.my_side())
          AND (o.debtor_office IS NULL OR o.debtor_office = (SELECT split_part(app.fact('actor'), '/', 2)))
          AND (app.due(o.extended_to, o.due_on), o.updated_at, o.id) > (p.due, p.since, p.id)
        ORDER BY due, o.updated_at, o.id
        LIMIT :limit::integer) w)
SELECT w.subject_type, w.id AS subject_id, w.title, w.status, w.steps, w.since_at, nullif(w.due, 'infinity') AS due_on,
       w.unit_id, w.due || ' ' || w.since_at AS after_1, w.id::text AS after_id
FROM waiting w
WHERE (:subject_type::text[] IS NULL OR w.subject_type = ANY (:subject_type::text[]))
  AND (:due_on_before::date IS NULL OR w.due < :due_on_before::date)
ORDER BY w.due, w.since_at, w.id
LIMIT :limit::integer
