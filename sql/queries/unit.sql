-- name: unit_list
-- The 14 units, known by their codes.
SELECT u.*, u.code AS after_1, u.code AS after_id
FROM unit u
WHERE u.code > :after_id::text
ORDER BY u.code
LIMIT :limit::integer
