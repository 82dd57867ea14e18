-- Sums of a chunk's elements, so that whole days cost one row each. Refused elements are only counted. OFFSET 0 keeps
-- the planner from asking five times for each element whether it is valid.
CREATE OR REPLACE FUNCTION app.slo_chunk_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(sum(g) FILTER (WHERE valid), 0), coalesce(sum(b) FILTER (WHERE valid), 0),
    coalesce(sum(t) FILTER (WHERE valid), 0), count(*) FILTER (WHERE valid), count(*) FILTER (WHERE NOT valid),
    coalesce(bit_or(1 << (m & 15)) FILTER (WHERE t IS NOT NULL), 0)
  INTO NEW.sum_good, NEW.sum_bad, NEW.sum_total, NEW.known, NEW.invalid, NEW.methods
  FROM (SELECT e.*, app.slo_valid(g, b, t) AS valid
    FROM unnest(NEW.good, NEW.bad, NEW.total, NEW.method) AS e(g, b, t, m) OFFSET 0) AS e;
  RETURN NEW;
END
$$;

-- A new chunk may bring its sums; one that is laid over a stored chunk never does.
CREATE OR REPLACE TRIGGER slo_chunk_sums BEFORE UPDATE ON "slo_chunk" FOR EACH ROW EXECUTE FUNCTION app.slo_chunk_sums();
CREATE TRIGGER slo_chunk_sums_of_new BEFORE INSERT ON "slo_chunk" FOR EACH ROW WHEN (NEW.known = 0 AND NEW.invalid = 0)
  EXECUTE FUNCTION app.slo_chunk_sums();
