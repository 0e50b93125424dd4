-- While a specialist's entry is paused, his menu is shown to nobody but himself and the city.
ALTER TABLE app.service_offer ADD COLUMN is_paused boolean NOT NULL DEFAULT false;

-- Rows that stand are no change of anybody's. The owner of the tables reads none while their policies bind him too.
ALTER TABLE app.service_offer NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.specialist NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.service_offer DISABLE TRIGGER USER;
UPDATE app.service_offer o SET is_paused = true
FROM app.specialist s WHERE s.id = o.specialist_id AND s.status = 'suspended' AND o.status = 'published';
ALTER TABLE app.service_offer ENABLE TRIGGER USER;
ALTER TABLE app.service_offer FORCE ROW LEVEL SECURITY;
ALTER TABLE app.specialist FORCE ROW LEVEL SECURITY;
