-- name: dictionary_list
-- Coded terms, dictionary by dictionary in their own order. The number leads the code in the cursor's text.
SELECT d.*, d.dictionary AS after_1, to_char(d.sort_no, 'FM00000:') || d.code AS after_id
FROM dictionary_entry d
WHERE (:dictionary::text[] IS NULL OR d.dictionary = ANY (:dictionary::text[]))
  AND (d.dictionary, to_char(d.sort_no, 'FM00000:') || d.code) > (:after_1::text, :after_id::text)
ORDER BY after_1, after_id
LIMIT :limit::integer
