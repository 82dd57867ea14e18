-- CreateTable
CREATE TABLE "slo_report" (
    "month" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "frozen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "content" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "slo_report_pkey" PRIMARY KEY ("month","environment")
);

-- CreateTable
CREATE TABLE "slo_report_correction" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "month" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "slo" TEXT NOT NULL,
    "definition" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "failures" DOUBLE PRECISION,
    "seconds" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "created_by_id" UUID NOT NULL,
    "created_by_name" TEXT NOT NULL,

    CONSTRAINT "slo_report_correction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "slo_report_correction_month_environment_created_at_idx" ON "slo_report_correction"("month", "environment", "created_at");

-- AddForeignKey
ALTER TABLE "slo_report_correction" ADD CONSTRAINT "slo_report_correction_month_environment_fkey" FOREIGN KEY ("month", "environment") REFERENCES "slo_report"("month", "environment") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- A frozen month stays what it was, and so does what was learned later. ENABLE ALWAYS also binds sessions in
-- replica mode.
CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once and never changed: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "slo_report_frozen" BEFORE UPDATE OR DELETE ON "slo_report" FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER "slo_report_no_truncate" BEFORE TRUNCATE ON "slo_report" FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER "slo_report_correction_frozen" BEFORE UPDATE OR DELETE ON "slo_report_correction" FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER "slo_report_correction_no_truncate" BEFORE TRUNCATE ON "slo_report_correction" FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
ALTER TABLE "slo_report" ENABLE ALWAYS TRIGGER "slo_report_frozen";
ALTER TABLE "slo_report" ENABLE ALWAYS TRIGGER "slo_report_no_truncate";
ALTER TABLE "slo_report_correction" ENABLE ALWAYS TRIGGER "slo_report_correction_frozen";
ALTER TABLE "slo_report_correction" ENABLE ALWAYS TRIGGER "slo_report_correction_no_truncate";

-- A month is 2026-11, and a frozen text has its hash.
ALTER TABLE "slo_report" ADD CONSTRAINT "slo_report_month" CHECK ("month" ~ '^\d{4}-(0[1-9]|1[0-2])$');
ALTER TABLE "slo_report" ADD CONSTRAINT "slo_report_hash" CHECK ("hash" = encode(sha256(convert_to("content", 'UTF8')), 'hex'));
