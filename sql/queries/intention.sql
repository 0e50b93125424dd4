-- Filters stand inside coalesce, as those of the demands do and for the same reason.

-- part: intention_rows
SELECT i.*
FROM intention i
WHERE coalesce((:status::text[] IS NULL OR i.status = ANY (:status::text[]))
      AND (:side::text[] IS NULL OR i.side = ANY (:side::text[]))
      AND (:unit_id::text[] IS NULL OR i.unit_id = ANY (:unit_id::text[]))
      AND (:demand_id::uuid[] IS NULL OR i.demand_id = ANY (:demand_id::uuid[]))
      AND (:specialist_id::uuid[] IS NULL OR i.specialist_id = ANY (:specialist_id::uuid[]))
      AND (:mutual::boolean IS NULL OR i.mutual = :mutual::boolean)
      AND (:updated_since::timestamptz IS NULL OR i.updated_at >= :updated_since::timestamptz), false)

-- name: intention_list
-- Wishes the caller may see, by updated at, the latest first.
-- include: intention_rows
  AND (i.updated_at, i.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY i.updated_at DESC, i.id DESC
LIMIT :limit::integer

-- name: intention_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: intention_rows
  AND i.id > :after_id::uuid
ORDER BY i.id
LIMIT :limit::integer

-- name: intention_get
-- One wish as its reader may see it.
SELECT * FROM intention WHERE id = :intention_id::uuid

-- name: intention_lock
-- The wish a step is about, held until the end of the transaction.
SELECT i.version, i.status, app.intention_steps(i.status, i.side) AS allowed_steps
FROM app.intention i WHERE i.id = :intention_id::uuid FOR UPDATE

-- name: intention_rank_lock
-- The list that is replaced, by its version.
SELECT app.wish_list_hold(:demand_id::uuid) AS version

-- name: intention_rank_blockers
-- A list of the caller's own side, whose wishes are for whom he sees and who takes wishes.
SELECT f.rule, f.pointer, f.figures FROM app.entered_for_faults(:entered_for::jsonb) f
UNION ALL
SELECT 'reference_not_found', '#/entered_for/attachment_id', NULL
WHERE :entered_for::jsonb ->> 'attachment_id' IS NOT NULL
  AND NOT EXISTS (SELECT FROM app.attachment a
                  WHERE a.id = (:entered_for::jsonb ->> 'attachment_id')::uuid AND a.state = 'stored'
                    AND coalesce(a.subject_id = :demand_id::uuid, true))
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.wish_list_faults(:demand_id::uuid) f
UNION ALL
SELECT f.rule, f.pointer, f.figures FROM app.wish_faults(:demand_id::uuid, :wishes::jsonb) f

-- name: intention_rank
-- The whole list: what is left off is withdrawn, what stays moves to its place, what is new is added. New pairs are
-- taken in one order by all; of two lists that meet while pairs are left off, one may be told to come again.
WITH listed AS MATERIALIZED (SELECT w.* FROM app.wishes(:demand_id::uuid, :wishes::jsonb) w),
present AS MATERIALIZED (SELECT p.* FROM app.wished(:demand_id::uuid) p),
left_off AS (
    UPDATE app.intention i SET status = 'withdrawn'
    FROM present p
    WHERE i.id = p.id
      AND NOT EXISTS (SELECT FROM listed l WHERE l.demand_id = p.demand_id AND l.specialist_id = p.specialist_id)),
moved AS (
    UPDATE app.intention i SET rank = l.rank, note = l.note, conflict = l.conflict
    FROM present p JOIN listed l ON l.demand_id = p.demand_id AND l.specialist_id = p.specialist_id
    WHERE i.id = p.id),
added AS (
    INSERT INTO app.intention (id, entered_for, side, demand_id, specialist_id, rank, note, conflict)
    SELECT app.uuid7(), :entered_for::jsonb, app.wishing_side(), l.demand_id, l.specialist_id, l.rank, l.note,
           l.conflict
    FROM listed l
    WHERE NOT EXISTS (SELECT FROM present p WHERE p.demand_id = l.demand_id AND p.specialist_id = l.specialist_id)
    ORDER BY l.demand_id, l.specialist_id)
SELECT 1

-- name: intention_ranking
-- The list as it stands, by rank.
SELECT app.wish_list_version(:demand_id::uuid) AS version, app.wishing_side() AS side, :demand_id::uuid AS demand_id,
       CASE app.wishing_side() WHEN 'specialist' THEN app.fact('specialist')::uuid END AS specialist_id,
       coalesce((SELECT jsonb_agg((SELECT jsonb_object_agg(m.key, app.wire_value(m.key, m.value))
                                   FROM jsonb_each(to_jsonb(i)) m) ORDER BY i.rank)
                 FROM app.wished(:demand_id::uuid) w JOIN intention i ON i.id = w.id), '[]') AS items

-- name: intention_decline_blockers
-- Once a match was proposed for the pair, it is the match that is answered.
SELECT 'wish_is_proposed' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM app.intention i
WHERE i.id = :intention_id::uuid AND app.pair_is_proposed(i.demand_id, i.specialist_id)

-- name: intention_decline
-- The other side's wish is declined; an own one for the same pair would say the contrary and is withdrawn.
WITH own AS (
    UPDATE app.intention o SET status = 'withdrawn'
    FROM app.intention i
    WHERE i.id = :intention_id::uuid AND o.demand_id = i.demand_id AND o.specialist_id = i.specialist_id
      AND o.side <> i.side AND o.status = 'active')
UPDATE app.intention SET status = 'declined', decline_reason = :reason WHERE id = :intention_id::uuid
