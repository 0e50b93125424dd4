-- name: dictionary_list
-- Coded terms, dictionary by dictionary in their own order. The number leads the code in the cursor's text.
SELECT d.*, d.dictionary AS after_1, to_char(d.sort_no, 'FM00000:') || d.code AS after_id
FROM dictionary_entry d
WHERE (:dictionary::text[] IS NULL OR d.dictionary = ANY (:dictionary::text[]))
  AND (coalesce(:with_expired::boolean, false)
       OR (SELECT app.today()) BETWEEN d.valid_from AND coalesce(d.valid_to, 'infinity'))
  AND (d.dictionary, to_char(d.sort_no, 'FM00000:') || d.code) > (:after_1::text, :after_id::text)
ORDER BY after_1, after_id
LIMIT :limit::integer

-- name: dictionary_get
-- One term, in force or not.
SELECT * FROM dictionary_entry WHERE dictionary = :name AND code = :code

-- name: dictionary_lock
-- The term that is replaced, held until the end of the transaction; none when it is made.
SELECT d.version FROM app.dictionary_entry d WHERE d.dictionary = :name AND d.code = :code FOR UPDATE

-- name: dictionary_put_entry_blockers
-- What has ended stays as it is, nothing ends in the past. A parent is a term in force of the dictionary, or what its
-- other terms have as theirs: titles stand under levels, outcomes under groups of tasks.
SELECT 'term_ended' AS rule, NULL AS pointer, d.valid_to::text AS figures
FROM app.dictionary_entry d WHERE d.dictionary = :name AND d.code = :code AND d.valid_to < app.today()
UNION ALL
SELECT 'term_ends_in_past', '#/valid_to', NULL WHERE :valid_to::date < app.today()
UNION ALL
SELECT 'unknown_code', '#/parent_code', :name
WHERE :parent_code::text IS NOT NULL
  AND NOT EXISTS (SELECT FROM app.dictionary_entry d
                  WHERE d.dictionary = :name
                    AND (d.parent_code = :parent_code
                         OR d.code = :parent_code
                            AND app.today() BETWEEN d.valid_from AND coalesce(d.valid_to, 'infinity')))

-- name: dictionary_put_entry
-- The whole term. Dictionaries are the programme's own: a name that has no term yet is not found. Only a row just made
-- has no xmax.
INSERT INTO app.dictionary_entry AS d (dictionary, code, zh, en, parent_code, standard, attrs, sort_no, valid_from,
                                       valid_to)
SELECT :name, :code, :zh, :en, :parent_code, :standard, coalesce(:attrs::jsonb, '{}'), :sort_no::integer,
       :valid_from::date, :valid_to::date
WHERE EXISTS (SELECT FROM app.dictionary_entry e WHERE e.dictionary = :name)
ON CONFLICT (dictionary, code) DO UPDATE
    SET (zh, en, parent_code, standard, attrs, sort_no, valid_from, valid_to)
      = (excluded.zh, excluded.en, excluded.parent_code, excluded.standard, excluded.attrs, excluded.sort_no,
         excluded.valid_from, excluded.valid_to)
RETURNING d.xmax = 0 AS created
