-- Candidates are asked for with the start of a term; their functions without one would stay beside.
DROP FUNCTION IF EXISTS app.match_suggest(text, uuid, integer, uuid, integer);
DROP FUNCTION IF EXISTS app.match_page(text, uuid, integer, uuid, integer);
DROP FUNCTION IF EXISTS app.match_people(uuid);
DROP FUNCTION IF EXISTS app.match_needs(uuid);
