-- name: todo_list
-- What waits for the caller: rows in a state from which the lifecycle makes a step his duty. A returned record waits
-- for the side that entered it; a policy for an administrator who is not its author. Dated ones first, then the oldest.
WITH duty AS (
    SELECT l.resource, l.from_state, json_agg(DISTINCT l.step) AS steps
    FROM app.lifecycle l
    WHERE l.duty AND string_to_array(l.who, ', ') && ARRAY[app.fact('actor'), app.my_side()]
    GROUP BY l.resource, l.from_state),
waiting AS (
    SELECT 'policy' AS subject_type, p.id, p.title, p.status, p.updated_at AS since_at, NULL::date AS due_on,
           NULL::text AS unit_id
    FROM policy p
    WHERE p.status = 'draft' AND p.created_by IS DISTINCT FROM app.fact('account')::uuid
      AND (SELECT a.is_admin FROM app.account a WHERE a.id = app.fact('account')::uuid)
    UNION ALL
    SELECT 'enterprise', e.id, e.name, e.status, e.updated_at, NULL, e.unit_id
    FROM app.enterprise e
    WHERE e.status <> 'active' AND e.status = ANY (ARRAY(SELECT d.from_state FROM duty d
                                                         WHERE d.resource = 'enterprise'))
      AND (e.status <> 'returned' OR e.side = (SELECT app.my_side()))
    UNION ALL
    SELECT 'bank_account', b.id, b.account_name, b.status, b.updated_at, NULL, b.unit_id
    FROM app.bank_account b
    WHERE b.status = 'proposed' AND b.created_by IS DISTINCT FROM (SELECT app.fact('account')::uuid)
    UNION ALL
    SELECT 'institution', i.id, i.name, i.status, i.updated_at, NULL, NULL
    FROM app.institution i WHERE i.status = 'proposed'
    UNION ALL
    SELECT 'call', c.id, c.title, c.status, c.updated_at, NULL, c.unit_id
    FROM call c WHERE c.status = 'draft'
    UNION ALL
    SELECT 'application', a.id, a.full_name, a.status, a.updated_at, coalesce(a.correct_by_on, a.answer_by_on), NULL
    FROM app.application a
    WHERE a.status = ANY (ARRAY(SELECT y.from_state FROM duty y WHERE y.resource = 'application'))
      AND (a.status <> 'returned' OR a.side = (SELECT app.my_side()))
    UNION ALL
    SELECT 'demand', d.id, d.title, d.status, d.updated_at, d.correct_by_on, d.unit_id
    FROM app.demand d
    WHERE d.status = ANY (ARRAY(SELECT y.from_state FROM duty y WHERE y.resource = 'demand'))
      AND (d.status <> 'returned' OR d.side = (SELECT app.my_side()))),
keyed AS (
    SELECT w.subject_type, w.id AS subject_id, w.title, w.status, d.steps, w.since_at, w.due_on, w.unit_id,
           coalesce(w.due_on, '9999-12-31') || ' ' || app.rfc3339(w.since_at) AS after_1, w.id::text AS after_id
    FROM waiting w JOIN duty d ON d.resource = w.subject_type AND d.from_state = w.status)
SELECT * FROM keyed k
WHERE (k.after_1, k.after_id) > (:after_1::text, :after_id::text)
ORDER BY k.after_1, k.after_id
LIMIT :limit::integer
