-- name: lifecycle_get
-- All states and steps, resource by resource in the order of the programme.
SELECT json_agg(json_build_object('resource', r.resource, 'rows', r.rows) ORDER BY r.first) AS resources
FROM (SELECT l.resource, min(l.no) AS first,
             json_agg(json_build_object('from_state', nullif(l.from_state, '-'), 'step', l.step,
                                        'to_state', l.to_state, 'who', string_to_array(l.who, ', '),
                                        'duty', l.duty, 'article', l.article, 'zh', l.zh, 'en', l.en)
                      ORDER BY l.no) AS rows
      FROM app.lifecycle l GROUP BY l.resource) r
