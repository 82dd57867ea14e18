-- CreateTable
CREATE TABLE "backup_copy" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "database_id" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "object" TEXT NOT NULL,
    "slot_at" TIMESTAMPTZ(3),
    "missed_slots" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "snapshot_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "bytes" BIGINT,
    "sha256" TEXT,
    "server_version" TEXT,
    "dump_version" TEXT,
    "catalog" JSONB,
    "level" INTEGER,
    "check_due_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "log" TEXT NOT NULL DEFAULT '',
    "pins" JSONB NOT NULL DEFAULT '[]',
    "delete_after" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "backup_copy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_check" (
    "id" BIGSERIAL NOT NULL,
    "copy_id" UUID NOT NULL,
    "level" INTEGER NOT NULL,
    "result" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "tool" TEXT NOT NULL,
    "tool_version" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "backup_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_schedule" (
    "database_id" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "backup_schedule_pkey" PRIMARY KEY ("database_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "backup_copy_object_key" ON "backup_copy"("object");

-- CreateIndex
CREATE INDEX "backup_copy_database_id_started_at_idx" ON "backup_copy"("database_id", "started_at");

-- CreateIndex
CREATE INDEX "backup_copy_state_lease_until_idx" ON "backup_copy"("state", "lease_until");

-- CreateIndex
CREATE INDEX "backup_copy_deleted_at_idx" ON "backup_copy"("deleted_at");

-- CreateIndex
CREATE INDEX "backup_check_copy_id_level_id_idx" ON "backup_check"("copy_id", "level", "id");

-- AddForeignKey
ALTER TABLE "backup_check" ADD CONSTRAINT "backup_check_copy_id_fkey" FOREIGN KEY ("copy_id") REFERENCES "backup_copy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_state" CHECK ("state" IN ('running', 'kept', 'failed', 'tombstoned', 'deleted'));
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_level" CHECK ("level" BETWEEN 0 AND 5);
-- What is kept can be found and compared; what failed says why.
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_whole" CHECK (
  "state" IN ('running', 'failed')
  OR ("snapshot_at" IS NOT NULL AND "finished_at" IS NOT NULL AND "bytes" IS NOT NULL AND "sha256" IS NOT NULL AND "catalog" IS NOT NULL));
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_said" CHECK ("state" <> 'failed' OR ("error" IS NOT NULL AND "finished_at" IS NOT NULL));
ALTER TABLE "backup_check" ADD CONSTRAINT "backup_check_result" CHECK ("result" IN ('passed', 'failed', 'unknown'));
ALTER TABLE "backup_check" ADD CONSTRAINT "backup_check_level" CHECK ("level" BETWEEN 0 AND 5);
-- Two copies of one database at once would be half as fast each; a moment of the schedule is answered once.
CREATE UNIQUE INDEX "backup_copy_one_running" ON "backup_copy" ("database_id") WHERE "state" = 'running';
CREATE UNIQUE INDEX "backup_copy_one_of_slot" ON "backup_copy" ("database_id", "slot_at") WHERE "state" <> 'failed' AND "slot_at" IS NOT NULL;
