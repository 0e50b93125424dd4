-- Why filters stand inside coalesce is told in demand.sql.

-- part: match_rows
SELECT m.id, m.version, m.created_at, m.updated_at, m.unit_id, m.status, m.round_id, m.demand_id, m.enterprise_id,
       m.specialist_id, m.origin, m.score_bp, m.warnings, m.enterprise_answer, m.specialist_answer
FROM match m
WHERE coalesce((:status::text[] IS NULL OR m.status = ANY (:status::text[]))
      AND (:round_id::uuid IS NULL OR m.round_id = :round_id::uuid)
      AND (:demand_id::uuid IS NULL OR m.demand_id = :demand_id::uuid)
      AND (:unit_id::text[] IS NULL OR m.unit_id = ANY (:unit_id::text[]))
      AND (:enterprise_id::uuid[] IS NULL OR m.enterprise_id = ANY (:enterprise_id::uuid[]))
      AND (:specialist_id::uuid IS NULL OR m.specialist_id = :specialist_id::uuid)
      AND (:origin::text IS NULL OR m.origin = :origin::text)
      AND (:updated_since::timestamptz IS NULL OR m.updated_at >= :updated_since::timestamptz), false)

-- name: match_list
-- Matches the caller may see, by updated at, the latest first.
-- include: match_rows
  AND (m.updated_at, m.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY m.updated_at DESC, m.id DESC
LIMIT :limit::integer

-- name: match_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: match_rows
  AND m.id > :after_id::uuid
ORDER BY m.id
LIMIT :limit::integer

-- name: match_get
-- One match as its reader may see it.
SELECT * FROM match WHERE id = :match_id::uuid

-- name: match_lock
-- The row a step is about, held until the end of the transaction, and its demand before it.
WITH demand AS MATERIALIZED (
    SELECT app.match_demand_hold(m.demand_id) AS held FROM app.match m WHERE m.id = :match_id::uuid)
SELECT m.version, m.status, app.allowed_steps('match', m.status, true) AS allowed_steps
FROM app.match m WHERE m.id = :match_id::uuid AND (SELECT d.held FROM demand d) FOR UPDATE OF m

-- name: match_create_blockers
-- The round is open, both sides may take part and are free, and neither has declined the other.
SELECT f.rule, f.pointer, f.figures
FROM app.match_create_faults(:round_id::uuid, :demand_id::uuid, :specialist_id::uuid) f

-- name: match_create
-- A pair by hand; score, answers and warnings come from the trigger, the reason stands in the timeline.
WITH made AS (
    INSERT INTO app.match (id, round_id, demand_id, specialist_id)
    VALUES (:match_id::uuid, :round_id::uuid, :demand_id::uuid, :specialist_id::uuid)
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, opinion,
                        visible_to_applicant)
SELECT 'match', m.id, m.version, m.unit_id, m.enterprise_id, 'create', :reason::text, false FROM made m

-- name: match_answer_blockers
-- A no needs its reason, a yes two sides that may be matched; an answer is given once.
SELECT 'answer_note_required' AS rule, '#/answer_note' AS pointer, NULL::text AS figures
WHERE :answer::text = 'declined' AND coalesce(btrim(:answer_note::text), '') = ''
UNION ALL
SELECT 'answered_already', '#/answer', NULL
FROM app.match m
WHERE m.id = :match_id::uuid
  AND :answer::text = CASE app.my_side() WHEN 'enterprise' THEN m.enterprise_answer ELSE m.specialist_answer END
UNION ALL
SELECT f.rule, NULL, f.figures
FROM app.match m CROSS JOIN app.match_answer_faults(m.id) f
WHERE m.id = :match_id::uuid AND :answer::text = 'accepted'

-- name: match_answer
-- One side's word; what the two words come to is derived.
WITH changed AS (
    UPDATE app.match
    SET enterprise_answer = CASE app.my_side() WHEN 'enterprise' THEN :answer::text ELSE enterprise_answer END,
        specialist_answer = CASE app.my_side() WHEN 'specialist' THEN :answer::text ELSE specialist_answer END,
        answer_note = coalesce(:answer_note::text, answer_note)
    WHERE id = :match_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, decision, opinion)
SELECT 'match', c.id, c.version, c.unit_id, c.enterprise_id, 'answer', :answer::text, :answer_note::text
FROM changed c

-- name: match_exclude_lock
-- The pair, held until the end of the transaction, and its round and its demand before it: in that order an adoption
-- locks the three.
WITH round AS MATERIALIZED (
    SELECT r.id FROM app.match_round r
    WHERE r.id = (SELECT m.round_id FROM app.match m WHERE m.id = :match_id::uuid) FOR NO KEY UPDATE),
demand AS MATERIALIZED (
    SELECT app.match_demand_hold(m.demand_id) AS held
    FROM app.match m WHERE m.id = :match_id::uuid AND m.round_id = (SELECT round.id FROM round))
SELECT m.version, m.status, app.allowed_steps('match', m.status, true) AS allowed_steps
FROM app.match m WHERE m.id = :match_id::uuid AND (SELECT d.held FROM demand d) FOR UPDATE OF m

-- name: match_exclude_blockers
-- A pair on a list leaves it by its line, or by its agreement.
SELECT 'match_on_list' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.dispatch_line l WHERE l.match_id = :match_id::uuid AND l.status IN ('listed', 'fixed')

-- name: match_exclude
-- The city takes the pair out and says why; one that was adopted is released, and its demand opens again.
WITH changed AS (
    UPDATE app.match
    SET status = CASE status WHEN 'adopted' THEN 'released' ELSE 'excluded' END, exclude_reason = :reason::text
    WHERE id = :match_id::uuid
    RETURNING id, version, unit_id, enterprise_id)
INSERT INTO app.review (subject_type, subject_id, subject_version, unit_id, enterprise_id, step, opinion,
                        visible_to_applicant)
SELECT 'match', c.id, c.version, c.unit_id, c.enterprise_id, 'exclude', :reason::text, true FROM changed c
