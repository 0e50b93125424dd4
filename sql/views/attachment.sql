-- Wire form of a file. Who uploaded it is its own organisation's to know.

CREATE OR REPLACE VIEW api.attachment WITH (security_invoker = true) AS
SELECT a.id, a.version, a.created_at, a.updated_at,
       CASE WHEN ARRAY[a.owner] && (SELECT app.my_words()) THEN a.created_by END AS created_by,
       a.state, a.file_name, a.media_type, a.size_bytes, a.sha256, a.purpose, a.subject_type, a.subject_id,
       p.count AS part_count,
       CASE WHEN a.state = 'pending'
            THEN (SELECT coalesce(json_agg(n ORDER BY n), '[]') FROM generate_series(1, p.count) n
                  WHERE NOT EXISTS (SELECT FROM app.attachment_part h WHERE h.attachment_id = a.id AND h.part_no = n))
            ELSE '[]' END AS parts_missing
FROM app.attachment a
CROSS JOIN LATERAL (SELECT (a.size_bytes + app.part_bytes() - 1) / app.part_bytes() AS count) p;
