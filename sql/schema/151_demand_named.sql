-- A demand may name the person it is meant for (article 9.2).

ALTER TABLE app.demand ADD COLUMN named_specialist_id uuid;
ALTER TABLE app.demand ADD CONSTRAINT demand_named_specialist_id_fkey
    FOREIGN KEY (named_specialist_id) REFERENCES app.specialist (id);
CREATE INDEX demand_named_specialist ON app.demand (named_specialist_id) WHERE named_specialist_id IS NOT NULL;
