-- CreateTable
CREATE TABLE "installation" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),

    CONSTRAINT "installation_pkey" PRIMARY KEY ("only")
);

-- CreateTable
CREATE TABLE "restore_run" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "database_id" TEXT NOT NULL,
    "copy_id" UUID,
    "object" TEXT,
    "purpose" TEXT NOT NULL DEFAULT 'drill',
    "change_number" INTEGER,
    "cause" TEXT NOT NULL,
    "slot_at" TIMESTAMPTZ(3),
    "is_monthly" BOOLEAN NOT NULL DEFAULT false,
    "requested_by_id" UUID,
    "requested_by_name" TEXT,
    "state" TEXT NOT NULL DEFAULT 'wanted',
    "database_name" TEXT,
    "phase" TEXT,
    "phases" JSONB NOT NULL DEFAULT '[]',
    "bytes" BIGINT,
    "evidence" JSONB NOT NULL DEFAULT '[]',
    "sentence" TEXT,
    "is_fault_of_copy" BOOLEAN NOT NULL DEFAULT false,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "restore_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drill_schedule" (
    "database_id" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "drill_schedule_pkey" PRIMARY KEY ("database_id")
);

-- CreateIndex
CREATE INDEX "restore_run_database_id_requested_at_idx" ON "restore_run"("database_id", "requested_at");

-- CreateIndex
CREATE INDEX "restore_run_state_lease_until_idx" ON "restore_run"("state", "lease_until");

-- CreateIndex
CREATE INDEX "restore_run_copy_id_idx" ON "restore_run"("copy_id");

-- CreateIndex
CREATE INDEX "restore_run_finished_at_idx" ON "restore_run"("finished_at");

ALTER TABLE "installation" ADD CONSTRAINT "installation_one" CHECK ("only");
INSERT INTO "installation" DEFAULT VALUES;
ALTER TABLE "restore_run" ADD CONSTRAINT "restore_run_state" CHECK ("state" IN ('wanted', 'running', 'done', 'failed', 'cancelled'));
ALTER TABLE "restore_run" ADD CONSTRAINT "restore_run_purpose" CHECK ("purpose" IN ('drill', 'restore'));
-- What was begun names its copy; what has ended says when and how.
ALTER TABLE "restore_run" ADD CONSTRAINT "restore_run_begun" CHECK ("state" NOT IN ('wanted', 'running', 'done') OR ("copy_id" IS NOT NULL AND "object" IS NOT NULL));
ALTER TABLE "restore_run" ADD CONSTRAINT "restore_run_ended" CHECK (("state" IN ('wanted', 'running')) = ("finished_at" IS NULL) AND ("finished_at" IS NULL OR "sentence" IS NOT NULL));
ALTER TABLE "restore_run" ADD CONSTRAINT "restore_run_held" CHECK ("state" <> 'running' OR ("lease_owner" IS NOT NULL AND "lease_until" IS NOT NULL AND "database_name" IS NOT NULL AND "started_at" IS NOT NULL));
-- Two restores of one database at once would spoil each other's time.
CREATE UNIQUE INDEX "restore_run_one_of_database" ON "restore_run" ("database_id") WHERE "state" IN ('wanted', 'running');
