-- name: match_suggest
-- Candidates of a demand or a person, the best score first.
SELECT c.* FROM app.match_suggest(:subject_type, :subject_id::uuid, :after_1::integer, :after_id::uuid,
                                  :limit::integer) c
