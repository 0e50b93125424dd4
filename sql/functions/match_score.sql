-- How well a person answers a demand, from 0 to 10000 (article 9.3). A score is the sum of nine components, each a value
-- from 0 to 10000 times its weight of the policy. Gender, birth, politics, ethnicity, fees and personal ties are no
-- inputs. These functions see all they are asked about, so they run for the internal role's functions alone.

-- Ranks of titles and degrees, to tell whether what is wanted is met. An honorary degree is none.
CREATE OR REPLACE FUNCTION app.title_rank(level text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(array_position('{technician,junior,intermediate,associate_senior,senior}', level), 0) $$;
CREATE OR REPLACE FUNCTION app.degree_held(degree_code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE left(degree_code, 1) WHEN '2' THEN 'doctor' WHEN '3' THEN 'master' ELSE 'none' END $$;

-- The share of what is wanted that is there, in basis points.
CREATE OR REPLACE FUNCTION app.share_bp(part bigint, whole bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN whole = 0 THEN 0 ELSE (part * 10000 / whole)::integer END $$;

-- The last day of a term that begins on a day: month ends clip, then the day is taken off.
CREATE OR REPLACE FUNCTION app.term_end(start_on date) RETURNS date LANGUAGE sql STABLE AS
$$
    SELECT (start_on + make_interval(months => app.policy_value('term_months', NULL)::integer) - interval '1 day')::date
$$;

-- Terms that a live line or a placement holds for a firm and a person (article 4).
CREATE OR REPLACE FUNCTION app.terms_taken()
RETURNS TABLE (enterprise_id uuid, specialist_id uuid, start_on date, end_on date) LANGUAGE sql STABLE AS
$$
    SELECT l.enterprise_id, l.specialist_id, l.start_on, l.end_on FROM app.dispatch_line l
    WHERE l.status IN ('listed', 'fixed')
    UNION ALL
    SELECT p.enterprise_id, p.specialist_id, p.start_on, coalesce(p.ended_on, p.end_on) FROM app.placement p
    WHERE p.status <> 'cancelled'
    UNION ALL
    SELECT m.enterprise_id, m.specialist_id, '-infinity', 'infinity' FROM app.match m WHERE m.status = 'adopted'
$$;

-- Whether a firm or a person has no such term on any day of one.
CREATE OR REPLACE FUNCTION app.firm_is_free(firm uuid, since date, until date) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT NOT EXISTS (SELECT FROM app.terms_taken() t
                       WHERE t.enterprise_id = firm AND t.start_on <= until AND t.end_on >= since)
$$;
CREATE OR REPLACE FUNCTION app.person_is_free(person uuid, since date, until date) RETURNS boolean
LANGUAGE sql STABLE AS
$$
    SELECT NOT EXISTS (SELECT FROM app.terms_taken() t
                       WHERE t.specialist_id = person AND t.start_on <= until AND t.end_on >= since)
$$;

-- Who takes part in a matching for a start: open demands of confirmed, unbarred firms, and registered, unbarred persons
-- whose availability covers it, all of them free for the term.
CREATE OR REPLACE FUNCTION app.match_demands(units text[], start_on date) RETURNS SETOF uuid LANGUAGE sql STABLE AS
$$
    SELECT d.id
    FROM app.demand d JOIN app.enterprise e ON e.id = d.enterprise_id
    WHERE d.status = 'open' AND (units IS NULL OR d.unit_id = ANY (units))
      AND e.status = 'active' AND coalesce(e.barred_until < (SELECT app.today()), true)
      AND NOT EXISTS (SELECT FROM app.terms_taken() t
                      WHERE t.enterprise_id = e.id AND t.end_on >= match_demands.start_on
                        AND t.start_on <= (SELECT app.term_end(match_demands.start_on)))
$$;
CREATE OR REPLACE FUNCTION app.match_specialists(start_on date) RETURNS SETOF uuid LANGUAGE sql STABLE AS
$$
    SELECT s.id
    FROM app.specialist s
    WHERE s.status = 'registered' AND coalesce(s.barred_until < (SELECT app.today()), true)
      AND coalesce(s.available_from <= match_specialists.start_on, true)
      AND coalesce(s.available_to >= match_specialists.start_on, true)
      AND NOT EXISTS (SELECT FROM app.terms_taken() t
                      WHERE t.specialist_id = s.id AND t.end_on >= match_specialists.start_on
                        AND t.start_on <= (SELECT app.term_end(match_specialists.start_on)))
$$;

-- Pairs that are out: a side declined the other's wish and has not come to wish for it itself since. The side is the one
-- whose wish was declined.
CREATE OR REPLACE FUNCTION app.pairs_declined() RETURNS TABLE (demand_id uuid, specialist_id uuid, side text)
LANGUAGE sql STABLE AS
$$
    SELECT i.demand_id, i.specialist_id, i.side FROM app.intention i
    WHERE i.status = 'declined'
      AND NOT EXISTS (SELECT FROM app.intention o
                      WHERE o.demand_id = i.demand_id AND o.specialist_id = i.specialist_id AND o.side <> i.side
                        AND o.status = 'active')
$$;

-- Which grade counts how much; who was not graded yet stands in the middle.
CREATE OR REPLACE FUNCTION app.record_bp(grade text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT CASE grade WHEN 'excellent' THEN 10000 WHEN 'good' THEN 7500 WHEN 'qualified' THEN 4000
                      WHEN 'unqualified' THEN 0 ELSE 5000 END
$$;

-- The last of a person's grades: {year, grade}.
CREATE OR REPLACE FUNCTION app.last_grade(grades jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT g FROM jsonb_array_elements(grades) g ORDER BY (g ->> 'year')::integer DESC LIMIT 1 $$;

-- What a person's published menu offers, and its words.
CREATE OR REPLACE FUNCTION app.menu_of(person uuid, OUT task_groups text[], OUT service_forms text[], OUT words text)
LANGUAGE sql STABLE AS
$$
    SELECT ARRAY(SELECT DISTINCT o.task_group FROM app.service_offer o
                 WHERE o.specialist_id = person AND o.status = 'published'),
           ARRAY(SELECT DISTINCT unnest(o.service_forms) FROM app.service_offer o
                 WHERE o.specialist_id = person AND o.status = 'published'),
           (SELECT string_agg(concat_ws(' ', o.title, o.description, o.deliverables), ' ') FROM app.service_offer o
            WHERE o.specialist_id = person AND o.status = 'published')
$$;

-- The pairs of characters of a person's entry and menu.
CREATE OR REPLACE FUNCTION app.person_pairs(s app.specialist, menu text) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT app.pair_codes(concat_ws(' ', app.spaced(s.specialties), s.research_summary, s.intended_service, menu)) $$;

-- Pairs (the n-th demand with the n-th person) with the value of each component and the facts it comes from. Without
-- start_on each demand is measured at its own expected start, today at the earliest. What is not made ready is made here.
CREATE OR REPLACE FUNCTION app.match_values(demands uuid[], specialists uuid[], start_on date)
RETURNS TABLE (demand_id uuid, specialist_id uuid, tech_field_bp integer, topic_bp integer, task_group_bp integer,
               qualification_bp integer, record_bp integer, priority_bp integer, service_form_bp integer,
               availability_bp integer, place_bp integer, shared bigint[], pairs integer, relation text, grade jsonb,
               groups_offered text[], forms_offered text[], measured_on date)
LANGUAGE sql STABLE AS
$$
    WITH term AS MATERIALIZED (
        SELECT (app.policy_value('term_months', NULL) #>> '{}')::integer AS months, app.today() AS today),
    field AS MATERIALIZED (
        SELECT f.code, app.text_array(f.attrs -> 'related') AS related
        FROM app.dictionary_entry f WHERE f.dictionary = 'tech_field'),
    need AS MATERIALIZED (
        SELECT d.id, d.tech_field, d.task_groups, d.service_forms, d.unit_id, d.wanted_title_level, d.wanted_degree,
               greatest(coalesce(match_values.start_on, d.expected_start_on), t.today) AS start_on, t.months,
               coalesce(n.pairs, app.pair_codes(concat_ws(' ', d.title, d.description, app.target_names(d.targets)))) AS pairs,
               f.related, e.priority_bp
        FROM unnest(ARRAY(SELECT DISTINCT unnest(demands))) AS k(id)
        JOIN app.demand d ON d.id = k.id
        JOIN app.enterprise e ON e.id = d.enterprise_id
        LEFT JOIN app.match_need n ON n.demand_id = d.id
        CROSS JOIN term t
        LEFT JOIN field f ON f.code = d.tech_field),
    person AS MATERIALIZED (
        SELECT s.id, s.tech_fields, s.title_level, s.degree_code, s.available_from, s.available_to, s.preferred_units,
               CASE WHEN known THEN m.grade ELSE app.last_grade(s.grades) END AS grade,
               CASE WHEN known THEN m.task_groups ELSE (app.menu_of(s.id)).task_groups END AS task_groups,
               CASE WHEN known THEN m.service_forms ELSE (app.menu_of(s.id)).service_forms END AS service_forms,
               CASE WHEN known THEN m.pairs ELSE app.person_pairs(s, (app.menu_of(s.id)).words) END AS pairs
        FROM unnest(ARRAY(SELECT DISTINCT unnest(specialists))) AS k(id)
        JOIN app.specialist s ON s.id = k.id
        LEFT JOIN app.match_person m ON m.specialist_id = s.id
        CROSS JOIN LATERAL (SELECT m.specialist_id IS NOT NULL AS known) x)
    SELECT n.id, s.id,
           CASE r.relation WHEN 'same' THEN 10000 WHEN 'related' THEN 5000 ELSE 0 END,
           app.share_bp(cardinality(t.shared), cardinality(n.pairs)),
           app.share_bp(cardinality(o.groups), cardinality(n.task_groups)),
           CASE WHEN wants.title AND wants.degree THEN (met.title::integer + met.degree::integer) * 5000
                WHEN wants.title THEN met.title::integer * 10000
                WHEN wants.degree THEN met.degree::integer * 10000 ELSE 10000 END,
           app.record_bp(s.grade ->> 'grade'),
           least(n.priority_bp, 10000),
           app.share_bp(cardinality(o.forms), cardinality(n.service_forms)),
           CASE WHEN s.available_from > n.start_on OR s.available_to < n.start_on THEN 0
                WHEN s.available_to < n.start_on + make_interval(months => n.months) - interval '1 day' THEN 5000
                ELSE 10000 END,
           CASE WHEN n.unit_id = ANY (s.preferred_units) THEN 10000 WHEN s.preferred_units = '{}' THEN 5000 ELSE 0 END,
           t.shared, cardinality(n.pairs), r.relation, s.grade, o.groups, o.forms, n.start_on
    FROM unnest(demands, specialists) AS p(demand_id, specialist_id)
    JOIN need n ON n.id = p.demand_id
    JOIN person s ON s.id = p.specialist_id
    CROSS JOIN LATERAL (SELECT CASE WHEN n.tech_field = ANY (s.tech_fields) THEN 'same'
                                    WHEN n.related && s.tech_fields THEN 'related' ELSE 'none' END AS relation) r
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT unnest(n.pairs) INTERSECT SELECT unnest(s.pairs)) AS shared OFFSET 0) t
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT g FROM unnest(n.task_groups) g WHERE g = ANY (s.task_groups)) AS groups,
                               ARRAY(SELECT f FROM unnest(n.service_forms) f WHERE f = ANY (s.service_forms)) AS forms
                        OFFSET 0) o
    CROSS JOIN LATERAL (SELECT app.title_rank(n.wanted_title_level) > 0 AS title,
                               coalesce(n.wanted_degree, 'none') <> 'none' AS degree) wants
    CROSS JOIN LATERAL (SELECT app.title_rank(s.title_level) >= app.title_rank(n.wanted_title_level) AS title,
                               CASE n.wanted_degree WHEN 'doctor' THEN app.degree_held(s.degree_code) = 'doctor'
                                    ELSE app.degree_held(s.degree_code) <> 'none' END AS degree) met
$$;

-- A score from the values of its components.
CREATE OR REPLACE FUNCTION app.match_sum(tech_field_bp integer, topic_bp integer, task_group_bp integer,
    qualification_bp integer, record_bp integer, priority_bp integer, service_form_bp integer, availability_bp integer,
    place_bp integer, weights jsonb) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT (tech_field_bp * (weights -> 'tech_field')::integer + topic_bp * (weights -> 'topic')::integer
            + task_group_bp * (weights -> 'task_group')::integer
            + qualification_bp * (weights -> 'qualification')::integer + record_bp * (weights -> 'record')::integer
            + priority_bp * (weights -> 'priority')::integer + service_form_bp * (weights -> 'service_form')::integer
            + availability_bp * (weights -> 'availability')::integer + place_bp * (weights -> 'place')::integer) / 10000
$$;

-- The scores of pairs; weights as the policy's match_weights_bp has them, null for the current ones.
CREATE OR REPLACE FUNCTION app.match_score(demands uuid[], specialists uuid[], start_on date, weights jsonb)
RETURNS TABLE (demand_id uuid, specialist_id uuid, score_bp integer)
LANGUAGE sql STABLE AS
$$
    SELECT v.demand_id, v.specialist_id,
           app.match_sum(v.tech_field_bp, v.topic_bp, v.task_group_bp, v.qualification_bp, v.record_bp, v.priority_bp,
                         v.service_form_bp, v.availability_bp, v.place_bp, w.bp)
    FROM app.match_values(demands, specialists, start_on) v
    CROSS JOIN (SELECT coalesce(weights, app.policy_value('match_weights_bp', NULL)) AS bp OFFSET 0) w
$$;

-- Pairs of characters again, from their numbers.
CREATE OR REPLACE FUNCTION app.pair_words(codes bigint[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT ARRAY(SELECT chr((c >> 21)::integer) || chr((c & 2097151)::integer) FROM unnest(codes) c ORDER BY c) $$;

-- Codes in words, joined; a dash when there are none. words holds those of a dictionary and language by code.
CREATE OR REPLACE FUNCTION app.terms_joined(words jsonb, codes text[], separator text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS
$$
DECLARE
    joined text;
    code   text;
BEGIN
    FOREACH code IN ARRAY codes LOOP
        joined := concat_ws(separator, joined, coalesce(words ->> code, code));
    END LOOP;
    RETURN coalesce(joined, '—');
END
$$;

-- The scores of pairs with their components in the order of the policy's weights: value, weight, the facts it comes
-- from, and a sentence in both languages.
CREATE OR REPLACE FUNCTION app.match_explained(demands uuid[], specialists uuid[], start_on date, weights jsonb)
RETURNS TABLE (demand_id uuid, specialist_id uuid, score_bp integer, components jsonb) LANGUAGE sql STABLE AS
$$
    SELECT v.demand_id, v.specialist_id,
           app.match_sum(v.tech_field_bp, v.topic_bp, v.task_group_bp, v.qualification_bp, v.record_bp, v.priority_bp,
                         v.service_form_bp, v.availability_bp, v.place_bp, w.bp),
           (SELECT jsonb_agg(jsonb_build_object('key', c.key, 'value_bp', c.value_bp,
                                                'weight_bp', (w.bp -> c.key)::integer, 'facts', c.facts,
                                                'zh', c.zh, 'en', c.en) ORDER BY c.no)
            FROM (VALUES
        (1, 'tech_field', v.tech_field_bp,
         jsonb_build_object('wanted', d.tech_field, 'offered', s.tech_fields, 'relation', v.relation),
         format('需求领域为%s，特派员领域为%s：%s', app.terms_joined(k.zh -> 'tech_field', ARRAY[d.tech_field], ''),
                app.terms_joined(k.zh -> 'tech_field', s.tech_fields, '、'),
                CASE v.relation WHEN 'same' THEN '相同' WHEN 'related' THEN '相近' ELSE '不同' END),
         format('The demand is in %s, the specialist in %s: %s', app.terms_joined(k.en -> 'tech_field', ARRAY[d.tech_field], ''),
                app.terms_joined(k.en -> 'tech_field', s.tech_fields, ', '),
                CASE v.relation WHEN 'same' THEN 'the same field' WHEN 'related' THEN 'related fields'
                                ELSE 'different fields' END)),
        (2, 'topic', v.topic_bp,
         jsonb_build_object('pairs', v.pairs, 'shared', cardinality(v.shared), 'examples', app.pair_words(v.shared[:10])),
         format('需求文字的%s个字符对中有%s个见于特派员的专长、概况或菜单', v.pairs, cardinality(v.shared)),
         format('Of %s character pairs of the demand, %s occur in specialties, summary or menu', v.pairs,
                cardinality(v.shared))),
        (3, 'task_group', v.task_group_bp,
         jsonb_build_object('wanted', d.task_groups, 'offered', v.groups_offered),
         format('需求的任务类别：%s；服务菜单：%s', app.terms_joined(k.zh -> 'task_group', d.task_groups, '、'),
                app.terms_joined(k.zh -> 'task_group', v.groups_offered, '、')),
         format('Wanted: %s; on the menu: %s', app.terms_joined(k.en -> 'task_group', d.task_groups, ', '),
                app.terms_joined(k.en -> 'task_group', v.groups_offered, ', '))),
        (4, 'qualification', v.qualification_bp,
         jsonb_build_object('wanted_title_level', d.wanted_title_level, 'title_level', s.title_level,
                            'wanted_degree', d.wanted_degree, 'degree', app.degree_held(s.degree_code)),
         CASE v.qualification_bp WHEN 10000 THEN '期望的职称和学位均已满足，或未作要求'
                                 WHEN 0 THEN '期望的职称、学位未满足' ELSE '期望的职称和学位满足其一' END,
         CASE v.qualification_bp WHEN 10000 THEN 'Wanted title and degree are met, or none is wanted'
                                 WHEN 0 THEN 'Wanted title and degree are not met'
                                 ELSE 'One of wanted title and degree is met' END),
        (5, 'record', v.record_bp, jsonb_build_object('grade', v.grade -> 'grade', 'year', v.grade -> 'year'),
         CASE v.grade ->> 'grade' WHEN 'excellent' THEN format('%s年度考核优秀', v.grade ->> 'year')
                                  WHEN 'good' THEN format('%s年度考核良好', v.grade ->> 'year')
                                  WHEN 'qualified' THEN format('%s年度考核合格', v.grade ->> 'year')
                                  WHEN 'unqualified' THEN format('%s年度考核不合格', v.grade ->> 'year')
                                  ELSE '尚无考核结果' END,
         CASE WHEN v.grade IS NULL THEN 'Not graded yet'
              ELSE format('Graded %s in %s', v.grade ->> 'grade', v.grade ->> 'year') END),
        (6, 'priority', v.priority_bp,
         jsonb_build_object('above_scale', e.is_above_scale, 'weak_rd_sme', e.is_weak_rd_sme, 'priority_bp', e.priority_bp),
         format('企业优先度%s%%（规上工业、高新技术企业、研发能力偏弱的中小企业优先）', trim_scale(e.priority_bp / 100.0)),
         format('The firm has priority %s%% (above scale, high-tech and weak-R&D firms come first)',
                trim_scale(e.priority_bp / 100.0))),
        (7, 'service_form', v.service_form_bp,
         jsonb_build_object('wanted', d.service_forms, 'offered', v.forms_offered),
         format('需求的服务形式：%s；服务菜单：%s', app.terms_joined(k.zh -> 'service_form', d.service_forms, '、'),
                app.terms_joined(k.zh -> 'service_form', v.forms_offered, '、')),
         format('Wanted: %s; on the menu: %s', app.terms_joined(k.en -> 'service_form', d.service_forms, ', '),
                app.terms_joined(k.en -> 'service_form', v.forms_offered, ', '))),
        (8, 'availability', v.availability_bp,
         jsonb_build_object('start_on', v.measured_on, 'available_from', s.available_from,
                            'available_to', s.available_to),
         CASE v.availability_bp WHEN 10000 THEN format('自%s起全期可服务', v.measured_on)
                                WHEN 0 THEN format('%s不在可服务期间内', v.measured_on)
                                ELSE format('自%s起可服务，期满前结束', v.measured_on) END,
         CASE v.availability_bp WHEN 10000 THEN format('Available for the whole term from %s', v.measured_on)
                                WHEN 0 THEN format('Not available on %s', v.measured_on)
                                ELSE format('Available on %s, not for the whole term', v.measured_on) END),
        (9, 'place', v.place_bp,
         jsonb_build_object('unit_id', d.unit_id, 'preferred', CASE WHEN s.preferred_units <> '{}'
                                                                    THEN d.unit_id = ANY (s.preferred_units) END),
         CASE v.place_bp WHEN 10000 THEN '属于意向地区' WHEN 0 THEN '不在意向地区内' ELSE '未限定意向地区' END,
         CASE v.place_bp WHEN 10000 THEN 'The unit is among those preferred'
                         WHEN 0 THEN 'The unit is not among those preferred' ELSE 'No units are preferred' END))
            AS c(no, key, value_bp, facts, zh, en))
    FROM app.match_values(demands, specialists, start_on) v
    JOIN app.demand d ON d.id = v.demand_id
    JOIN app.enterprise e ON e.id = d.enterprise_id
    JOIN app.specialist s ON s.id = v.specialist_id
    CROSS JOIN (SELECT coalesce(weights, app.policy_value('match_weights_bp', NULL)) AS bp OFFSET 0) w
    CROSS JOIN (SELECT jsonb_object_agg(t.dictionary, t.zh) AS zh, jsonb_object_agg(t.dictionary, t.en) AS en
                FROM (SELECT x.dictionary, jsonb_object_agg(x.code, x.zh) AS zh, jsonb_object_agg(x.code, x.en) AS en
                      FROM app.dictionary_entry x
                      WHERE x.dictionary IN ('tech_field', 'task_group', 'service_form') GROUP BY x.dictionary) t
                OFFSET 0) k
$$;

-- The components of one pair.
CREATE OR REPLACE FUNCTION app.match_components(demand uuid, specialist uuid, start_on date, weights jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS
$$ SELECT x.components FROM app.match_explained(ARRAY[demand], ARRAY[specialist], start_on, weights) x $$;
