-- The placement that runs: of a firm as of a person (article 4).
ALTER TABLE app.enterprise ADD COLUMN current_placement_id uuid,
    ADD CONSTRAINT enterprise_current_placement_id_fkey FOREIGN KEY (current_placement_id) REFERENCES app.placement (id);
ALTER TABLE app.specialist
    ADD CONSTRAINT specialist_current_placement_id_fkey FOREIGN KEY (current_placement_id) REFERENCES app.placement (id);
