-- AlterTable
ALTER TABLE "restore_run" ADD COLUMN     "database_oid" BIGINT,
ADD COLUMN     "stop_reason" TEXT;

-- CreateTable
CREATE TABLE "set_aside" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "database_id" TEXT NOT NULL,
    "change_number" INTEGER NOT NULL,
    "server_name" TEXT NOT NULL,
    "oid" BIGINT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'kept',
    "set_aside_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "drop_after" TIMESTAMPTZ(3) NOT NULL,
    "drop_begun_at" TIMESTAMPTZ(3),
    "dropped_at" TIMESTAMPTZ(3),
    "sentence" TEXT,

    CONSTRAINT "set_aside_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "set_aside_change_number_key" ON "set_aside"("change_number");

-- CreateIndex
CREATE INDEX "set_aside_state_drop_after_idx" ON "set_aside"("state", "drop_after");

ALTER TABLE "set_aside" ADD CONSTRAINT "set_aside_state" CHECK ("state" IN ('kept', 'dropped'));
ALTER TABLE "set_aside" ADD CONSTRAINT "set_aside_dropped" CHECK (("state" = 'dropped') = ("dropped_at" IS NOT NULL));
-- A change restores once, whatever a worker forgot; what it loads into is known before.
CREATE UNIQUE INDEX "restore_run_one_of_change" ON "restore_run" ("change_number") WHERE "change_number" IS NOT NULL;
ALTER TABLE "restore_run" ADD CONSTRAINT "restore_run_of_change" CHECK (("purpose" = 'restore') = ("change_number" IS NOT NULL));
ALTER TABLE "restore_run" ADD CONSTRAINT "restore_run_into" CHECK ("purpose" <> 'restore' OR ("database_oid" IS NOT NULL AND "database_name" IS NOT NULL));
-- A drill is on the scratch server and a restore on that of the database: neither waits for the other.
DROP INDEX "restore_run_one_of_database";
CREATE UNIQUE INDEX "restore_run_one_of_database" ON "restore_run" ("database_id", "purpose") WHERE "state" IN ('wanted', 'running');
