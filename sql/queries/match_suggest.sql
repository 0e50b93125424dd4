-- name: match_suggest
-- Candidates of a demand or a person, the best score first.
SELECT c.* FROM app.match_suggest(:subject_type, :subject_id::uuid, :start_on::date, :after_1::integer,
                                  :after_id::uuid, :limit::integer) c
