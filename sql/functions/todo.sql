-- What waits in rooms that not all who ask have grants on: who has none is told of nothing, and the room is not asked. One
-- page at most is read, in the order of the list.

CREATE OR REPLACE FUNCTION app.todo_application(in_state text, of_side text, after_due date, after_at timestamptz,
    after_id uuid, page integer)
RETURNS TABLE (id uuid, title text, status text, updated_at timestamptz, due date) LANGUAGE plpgsql STABLE ROWS 50 AS
$$
BEGIN
    IF has_column_privilege('app.application', 'full_name', 'SELECT') THEN
        RETURN QUERY
        SELECT a.id, a.full_name, a.status, a.updated_at, app.due(a.correct_by_on, a.answer_by_on)
        FROM app.application a
        WHERE a.status = in_state AND a.side = of_side
          AND (app.due(a.correct_by_on, a.answer_by_on), a.updated_at, a.id) > (after_due, after_at, after_id)
        ORDER BY app.due(a.correct_by_on, a.answer_by_on), a.updated_at, a.id
        LIMIT page;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION app.todo_bank_account(in_state text, after_at timestamptz, after_id uuid, page integer)
RETURNS TABLE (id uuid, title text, status text, updated_at timestamptz, unit_id text) LANGUAGE plpgsql STABLE ROWS 50 AS
$$
BEGIN
    IF has_column_privilege('app.bank_account', 'account_name', 'SELECT') THEN
        RETURN QUERY
        SELECT b.id, b.account_name, b.status, b.updated_at, b.unit_id
        FROM app.bank_account b
        WHERE b.status = 'proposed' AND b.status = in_state AND (b.updated_at, b.id) > (after_at, after_id)
          AND b.created_by IS DISTINCT FROM (SELECT app.fact('account')::uuid)
        ORDER BY b.updated_at, b.id
        LIMIT page;
    END IF;
END
$$;

-- Adopted pairs that are on no list: the lead office puts them on one.
CREATE OR REPLACE FUNCTION app.todo_adopted(after_at timestamptz, after_id uuid, page integer)
RETURNS TABLE (id uuid, title text, status text, updated_at timestamptz, unit_id text) LANGUAGE plpgsql STABLE ROWS 50 AS
$$
BEGIN
    IF app.fact('actor') = 'city/st' THEN
        RETURN QUERY
        SELECT m.id, (SELECT d.title FROM app.demand d WHERE d.id = m.demand_id), m.status, m.updated_at, m.unit_id
        FROM app.match m
        WHERE m.status = 'adopted' AND (m.updated_at, m.id) > (after_at, after_id)
          AND NOT EXISTS (SELECT FROM app.dispatch_line l WHERE l.match_id = m.id AND l.status IN ('listed', 'fixed'))
        ORDER BY m.updated_at, m.id
        LIMIT page;
    END IF;
END
$$;

-- Filed agreements that are on no notice yet, and those too late for one, which the lead office cancels.
CREATE OR REPLACE FUNCTION app.todo_agreed(after_due date, after_at timestamptz, after_id uuid, page integer)
RETURNS TABLE (id uuid, title text, status text, steps json, updated_at timestamptz, due date, unit_id text)
LANGUAGE plpgsql STABLE ROWS 50 AS
$$
BEGIN
    IF app.fact('actor') = 'city/st' THEN
        RETURN QUERY
        SELECT a.id, a.agreement_no, a.status,
               CASE WHEN a.start_on < app.today() THEN '["cancel"]'::json ELSE '[]' END, a.updated_at, a.start_on,
               a.unit_id
        FROM app.agreement a
        WHERE a.status IN ('signed', 'filed') AND (a.status = 'filed' OR a.start_on < app.today())
          AND (a.start_on, a.updated_at, a.id) > (after_due, after_at, after_id)
          AND NOT EXISTS (SELECT FROM app.dispatch_notice_agreement l JOIN app.dispatch_notice n ON n.id = l.notice_id
                          WHERE l.agreement_id = a.id AND l.live
                            AND (n.status = 'issued' OR a.start_on >= app.today()))
        ORDER BY a.start_on, a.updated_at, a.id
        LIMIT page;
    END IF;
END
$$;
