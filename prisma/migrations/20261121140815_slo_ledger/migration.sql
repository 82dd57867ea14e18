-- CreateTable
CREATE TABLE "slo_entry" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "slo" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "region" TEXT,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "title" TEXT NOT NULL,
    "note" TEXT,
    "link" TEXT,
    "change_number" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "created_by_id" UUID NOT NULL,
    "created_by_name" TEXT NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "voided_by_id" UUID,
    "voided_by_name" TEXT,
    "void_reason" TEXT,

    CONSTRAINT "slo_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "slo_exclusion" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "slo" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3),
    "to_at" TIMESTAMPTZ(3),
    "rule" TEXT,
    "starts" TEXT,
    "zone" TEXT,
    "seconds" INTEGER,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "created_by_id" UUID NOT NULL,
    "created_by_name" TEXT NOT NULL,
    "voided_at" TIMESTAMPTZ(3),
    "voided_by_id" UUID,
    "voided_by_name" TEXT,
    "void_reason" TEXT,

    CONSTRAINT "slo_exclusion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "slo_entry_slo_environment_to_at_idx" ON "slo_entry"("slo", "environment", "to_at");

-- CreateIndex
CREATE INDEX "slo_entry_to_at_idx" ON "slo_entry"("to_at");

-- CreateIndex
CREATE INDEX "slo_exclusion_slo_environment_idx" ON "slo_exclusion"("slo", "environment");

-- CreateIndex
CREATE INDEX "slo_exclusion_to_at_idx" ON "slo_exclusion"("to_at");

-- An entry covers some time; an exclusion is either one span or a rule, never a bit of both.
ALTER TABLE "slo_entry" ADD CONSTRAINT "slo_entry_span" CHECK ("from_at" < "to_at");
ALTER TABLE "slo_exclusion" ADD CONSTRAINT "slo_exclusion_form" CHECK (
    CASE WHEN "rule" IS NULL
        THEN num_nulls("starts", "zone", "seconds") = 3 AND num_nulls("from_at", "to_at") = 0 AND "from_at" < "to_at"
        ELSE num_nulls("starts", "zone", "seconds") = 0 AND num_nulls("from_at", "to_at") = 2 AND "seconds" > 0
    END
);

-- What was written stays as it was: a row is voided once, and otherwise never changed.
CREATE FUNCTION app.only_void() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    void_columns CONSTANT text[] := ARRAY['voided_at', 'voided_by_id', 'voided_by_name', 'void_reason'];
BEGIN
    IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
        OR to_jsonb(NEW) - void_columns IS DISTINCT FROM to_jsonb(OLD) - void_columns THEN
        RAISE EXCEPTION 'rows of % are voided once and never edited', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER "slo_entry_only_void" BEFORE UPDATE ON "slo_entry" FOR EACH ROW EXECUTE FUNCTION app.only_void();
CREATE TRIGGER "slo_exclusion_only_void" BEFORE UPDATE ON "slo_exclusion" FOR EACH ROW EXECUTE FUNCTION app.only_void();
