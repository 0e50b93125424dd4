-- name: health_database
-- Says that the database answers now.
SELECT true AS answers
