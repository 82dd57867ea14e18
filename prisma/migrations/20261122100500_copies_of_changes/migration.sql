-- AlterTable
ALTER TABLE "backup_copy" ADD COLUMN     "change_number" INTEGER,
ADD COLUMN     "stop_reason" TEXT;

-- A copy that a change asked for waits as `wanted` until a worker begins it; a change has one copy and no more.
ALTER TABLE "backup_copy" DROP CONSTRAINT "backup_copy_state";
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_state" CHECK ("state" IN ('wanted', 'running', 'kept', 'failed', 'tombstoned', 'deleted'));
ALTER TABLE "backup_copy" DROP CONSTRAINT "backup_copy_whole";
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_whole" CHECK (
  "state" IN ('wanted', 'running', 'failed')
  OR ("snapshot_at" IS NOT NULL AND "finished_at" IS NOT NULL AND "bytes" IS NOT NULL AND "sha256" IS NOT NULL AND "catalog" IS NOT NULL));
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_wanted" CHECK ("state" <> 'wanted' OR "change_number" IS NOT NULL);
CREATE UNIQUE INDEX "backup_copy_one_of_change" ON "backup_copy" ("change_number") WHERE "change_number" IS NOT NULL;
