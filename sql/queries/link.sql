-- name: link_get_current
-- The one document behind the link that asks.
SELECT * FROM link WHERE id = (SELECT app.fact('link')::uuid)
