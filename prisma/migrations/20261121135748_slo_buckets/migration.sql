-- CreateTable
CREATE TABLE "slo_definition" (
    "id" SERIAL NOT NULL,
    "slo" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "slo_definition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "slo_group" (
    "id" SERIAL NOT NULL,
    "definition_id" INTEGER NOT NULL,
    "labels" JSONB NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "slo_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "slo_chunk" (
    "group_id" INTEGER NOT NULL,
    "size" INTEGER NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "good" DOUBLE PRECISION[],
    "bad" DOUBLE PRECISION[],
    "total" DOUBLE PRECISION[],
    "method" SMALLINT[],
    "sum_good" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "sum_bad" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "sum_total" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "known" INTEGER NOT NULL DEFAULT 0,
    "invalid" INTEGER NOT NULL DEFAULT 0,
    "methods" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "slo_chunk_pkey" PRIMARY KEY ("group_id","size","start_at")
);

-- CreateTable
CREATE TABLE "slo_progress" (
    "definition_id" INTEGER NOT NULL,
    "live_from" TIMESTAMPTZ(3) NOT NULL,
    "backfill_until" TIMESTAMPTZ(3) NOT NULL,
    "backfilled_from" TIMESTAMPTZ(3),
    "recorded_until" TIMESTAMPTZ(3),
    "final_until" TIMESTAMPTZ(3),
    "backfill_total" INTEGER NOT NULL DEFAULT 0,
    "backfill_done" INTEGER NOT NULL DEFAULT 0,
    "gaps" JSONB NOT NULL DEFAULT '[]',
    "problem" JSONB,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "slo_progress_pkey" PRIMARY KEY ("definition_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "slo_definition_slo_environment_hash_key" ON "slo_definition"("slo", "environment", "hash");

-- CreateIndex
CREATE UNIQUE INDEX "slo_group_definition_id_key_key" ON "slo_group"("definition_id", "key");

-- CreateIndex
CREATE INDEX "slo_chunk_size_start_at_idx" ON "slo_chunk"("size", "start_at");

-- CreateIndex
CREATE INDEX "slo_progress_due_at_idx" ON "slo_progress"("due_at");

-- AddForeignKey
ALTER TABLE "slo_group" ADD CONSTRAINT "slo_group_definition_id_fkey" FOREIGN KEY ("definition_id") REFERENCES "slo_definition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slo_chunk" ADD CONSTRAINT "slo_chunk_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "slo_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slo_progress" ADD CONSTRAINT "slo_progress_definition_id_fkey" FOREIGN KEY ("definition_id") REFERENCES "slo_definition"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whether a stored element outlives a newly read one: a final count is not replaced by a provisional one, nor a
-- final count from raw samples by an estimate.
CREATE FUNCTION app.slo_keeps(stored smallint, read smallint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT read IS NULL OR (stored IS NOT NULL AND stored < 16 AND (read >= 16 OR (stored = 1 AND read <> 1)))
$$;

-- The stored elements with the read ones laid over them.
CREATE FUNCTION app.slo_merge(stored double precision[], read double precision[], stored_method smallint[], read_method smallint[])
RETURNS double precision[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(CASE WHEN app.slo_keeps(sm, rm) THEN s ELSE r END ORDER BY i)
  FROM unnest(stored, read, stored_method, read_method) WITH ORDINALITY AS e(s, r, sm, rm, i)
$$;

CREATE FUNCTION app.slo_merge(stored_method smallint[], read_method smallint[])
RETURNS smallint[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_agg(CASE WHEN app.slo_keeps(sm, rm) THEN sm ELSE rm END ORDER BY i)
  FROM unnest(stored_method, read_method) WITH ORDINALITY AS e(sm, rm, i)
$$;

-- Whether counts can be true: a number, and not more bad or good events than there are. Estimates are not whole.
CREATE FUNCTION app.slo_valid(good double precision, bad double precision, total double precision)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT total <> 'NaN' AND good <= total + total * 1e-9 AND bad <= total + total * 1e-9
$$;

-- Sums of a chunk's elements, so that whole days cost one row each. Refused elements are only counted.
CREATE FUNCTION app.slo_chunk_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(sum(g) FILTER (WHERE valid), 0), coalesce(sum(b) FILTER (WHERE valid), 0),
    coalesce(sum(t) FILTER (WHERE valid), 0), count(*) FILTER (WHERE valid), count(*) FILTER (WHERE NOT valid),
    coalesce(bit_or(1 << (m & 15)) FILTER (WHERE t IS NOT NULL), 0)
  INTO NEW.sum_good, NEW.sum_bad, NEW.sum_total, NEW.known, NEW.invalid, NEW.methods
  FROM (SELECT e.*, app.slo_valid(g, b, t) AS valid
    FROM unnest(NEW.good, NEW.bad, NEW.total, NEW.method) AS e(g, b, t, m)) AS e;
  RETURN NEW;
END
$$;
CREATE TRIGGER slo_chunk_sums BEFORE INSERT OR UPDATE ON "slo_chunk" FOR EACH ROW EXECUTE FUNCTION app.slo_chunk_sums();
