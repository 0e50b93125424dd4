-- What holds at every moment, whatever was killed, stopped or sent twice: one SELECT a law, each row of which is a
-- violation. Run after every journey and every round of faults; rooms that come later are found by their triggers.
\set QUIET on
\pset tuples_only on
\pset format unaligned

-- Every change of a record has its event: as many as versions, numbered without a gap.
SELECT format('SELECT %L, r.id FROM app.%I r WHERE EXISTS (SELECT FROM app.event e WHERE e.subject_type = %L'
              ' AND e.subject_id = r.id HAVING count(*) <> r.version OR max(e.subject_version) <> r.version)',
              'versions are events: ' || relname, relname, relname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgfoid = 'app.event_write'::regproc
\gexec

SELECT 'one event a version', subject_type, subject_id, subject_version
FROM app.event GROUP BY subject_type, subject_id, subject_version HAVING count(*) > 1;

SELECT 'the digest is that of the changes', id
FROM app.event WHERE changes_sha256 <> encode(sha256(convert_to(changes::text, 'UTF8')), 'hex');

-- Every status was reached from the one before, by a row of the lifecycle, and the last one is that of the record.
SELECT 'a status is reached by its lifecycle', e.id
FROM (SELECT id, subject_type, coalesce(changes #>> '{status,old}', '-') AS before, changes #>> '{status,new}' AS after,
             lag(changes #>> '{status,new}', 1, '-') OVER (PARTITION BY subject_type, subject_id ORDER BY subject_version)
                 AS reached
      FROM app.event WHERE changes ? 'status') e
WHERE e.before <> e.reached
   OR NOT EXISTS (SELECT FROM app.lifecycle l
                  WHERE l.resource = e.subject_type AND l.from_state = e.before AND l.to_state = e.after);

SELECT format('SELECT %L, r.id FROM app.%I r WHERE r.status <> (SELECT e.changes #>> ''{status,new}'' FROM app.event e'
              ' WHERE e.subject_type = %L AND e.subject_id = r.id AND e.changes ? ''status'' ORDER BY e.subject_version'
              ' DESC LIMIT 1)', 'the last status is the record''s: ' || relname, relname, relname)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'status'
WHERE t.tgfoid = 'app.event_write'::regproc
\gexec

-- The feed: no gap, every hash over the one before, a record's events in their order, nothing left behind the mark.
SELECT 'the feed has no gap', max(pos), count(*) FROM app.feed HAVING max(pos) <> count(*) OR min(pos) <> 1;

SELECT 'a hash covers its event and the one before', x.pos
FROM (SELECT f.pos, f.hash, f.pos || ' ' || app.feed_text(e) AS text,
             lag(f.hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY f.pos) AS before
      FROM app.feed f LEFT JOIN app.event e USING (seq)) x
WHERE x.text IS NULL OR x.hash <> sha256(x.before || convert_to(x.text, 'UTF8'));

SELECT 'a record''s events are fed in their order', x.pos
FROM (SELECT f.pos, e.subject_version,
             lag(e.subject_version, 1, 0) OVER (PARTITION BY e.subject_type, e.subject_id ORDER BY f.pos) AS before
      FROM app.feed f JOIN app.event e USING (seq)) x
WHERE x.subject_version <> x.before + 1;

SELECT 'nothing is left behind the mark', e.seq
FROM app.event e, app.feed_mark m
WHERE e.seq <= m.low AND NOT EXISTS (SELECT FROM app.feed f WHERE f.seq = e.seq);

-- One effect of a key: an answer that was kept is whole, and what it created was created under no other key. Links are
-- made without a place of their own.
SELECT 'a key has its answer', scope FROM app.idempotency WHERE status IS NULL;

SELECT 'one effect of a key', location
FROM app.idempotency WHERE status = 201 AND location <> '' GROUP BY location HAVING count(*) > 1;

-- A document has one live link.
SELECT 'one live link', kind, subject_id FROM app.link WHERE state = 'issued' GROUP BY kind, subject_id HAVING count(*) > 1;

-- A session that lives can be refreshed by one token.
SELECT 'one refresh token a session', s.id
FROM app.session s LEFT JOIN app.refresh_token t ON t.session_id = s.id AND t.used_at IS NULL
WHERE s.ended_at IS NULL AND s.expires_at > now() GROUP BY s.id HAVING count(t.hash) > 1;

-- What somebody decided stands beside the version that the decision made.
SELECT 'an opinion has its event', r.id
FROM app.review r
WHERE NOT EXISTS (SELECT FROM app.event e WHERE e.subject_type = r.subject_type AND e.subject_id = r.subject_id
                  AND e.subject_version = r.subject_version);

-- What three parties signed is the present text, and each text is the one its hash was taken of.
SELECT 'three parties signed this text', a.id
FROM app.agreement a
WHERE a.status IN ('signed', 'filed')
  AND (SELECT count(*) FROM app.agreement_signature s
       WHERE s.agreement_id = a.id AND s.version_no = a.version_no AND s.content_sha256 = a.content_sha256) <> 3;

SELECT 'a text has its hash', v.agreement_id, v.version_no
FROM app.agreement_version v
WHERE v.content_sha256 <> encode(sha256(convert_to(v."text", 'UTF8')), 'hex')
   OR EXISTS (SELECT FROM app.agreement a WHERE a.id = v.agreement_id AND a.version_no = v.version_no
                AND a."text" <> v."text");

-- One specialist and one firm have one placement on any day; the constraints say so, and this looks.
SELECT 'no day has two placements', a.id, b.id
FROM app.placement a JOIN app.placement b
     ON a.id < b.id AND (a.specialist_id = b.specialist_id OR a.enterprise_id = b.enterprise_id)
    AND daterange(a.start_on, coalesce(a.ended_on, a.end_on), '[]') && daterange(b.start_on, coalesce(b.ended_on, b.end_on), '[]')
WHERE a.status <> 'cancelled' AND b.status <> 'cancelled';

-- Who serves is shown as placed, with the placement that runs, and so is the firm; nobody else is.
SELECT 'who is placed says so', s.id
FROM app.specialist s LEFT JOIN app.placement p ON p.specialist_id = s.id AND p.status IN ('active', 'suspended')
WHERE s.is_placed <> (p.id IS NOT NULL) OR s.current_placement_id IS DISTINCT FROM p.id;

SELECT 'who hosts says so', e.id
FROM app.enterprise e LEFT JOIN app.placement p ON p.enterprise_id = e.id AND p.status IN ('active', 'suspended')
WHERE e.current_placement_id IS DISTINCT FROM p.id;

SELECT 'what runs has its obligations', p.id
FROM app.placement p
WHERE p.status NOT IN ('pending', 'cancelled') <> EXISTS (SELECT FROM app.obligation o WHERE o.placement_id = p.id);

-- Nobody has left what is agreed: it stands on a demand that is matched, a confirmed firm and a person of the register.
-- A placement that runs goes on to its end when the person's validity is over.
SELECT 'what is agreed stands on its sides', x.kind, x.id, d.status, e.status, s.status
FROM (SELECT 'line' AS kind, l.id, l.demand_id, l.enterprise_id, l.specialist_id, false AS runs
      FROM app.dispatch_line l WHERE l.status IN ('listed', 'fixed')
      UNION ALL
      SELECT 'agreement', a.id, a.demand_id, a.enterprise_id, a.specialist_id,
             EXISTS (SELECT FROM app.placement p WHERE p.agreement_id = a.id AND p.status IN ('active', 'suspended'))
      FROM app.agreement a WHERE a.status IN ('draft', 'signing', 'signed', 'filed')
      UNION ALL
      SELECT 'placement', p.id, p.demand_id, p.enterprise_id, p.specialist_id, p.status <> 'pending'
      FROM app.placement p WHERE p.status IN ('pending', 'active', 'suspended')) x
LEFT JOIN app.demand d ON d.id = x.demand_id
LEFT JOIN app.enterprise e ON e.id = x.enterprise_id
LEFT JOIN app.specialist s ON s.id = x.specialist_id
WHERE d.status IS DISTINCT FROM 'matched' OR e.status IS DISTINCT FROM 'active'
   OR s.status IS NULL OR s.status = 'removed' OR s.status = 'expired' AND NOT x.runs;

SELECT 'an adopted match has its demand', m.id
FROM app.match m JOIN app.demand d ON d.id = m.demand_id WHERE m.status = 'adopted' AND d.status <> 'matched';

-- A notice goes out with the words of four offices by four people, and each of its lines became a placement.
SELECT 'four offices signed off', n.id
FROM app.dispatch_notice n LEFT JOIN app.dispatch_notice_approval v ON v.notice_id = n.id AND v.decision = 'approve'
WHERE n.status IN ('approved', 'issued')
GROUP BY n.id HAVING count(DISTINCT v.office) <> 4 OR count(DISTINCT v.account_id) <> 4;

SELECT 'a line of an issued notice is a placement', l.notice_id, l.agreement_id
FROM app.dispatch_notice_agreement l JOIN app.dispatch_notice n ON n.id = l.notice_id
WHERE (n.status = 'issued') <> EXISTS (SELECT FROM app.placement p
                                       WHERE p.notice_id = l.notice_id AND p.agreement_id = l.agreement_id);
