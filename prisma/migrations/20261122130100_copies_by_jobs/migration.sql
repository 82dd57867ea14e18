-- AlterTable
ALTER TABLE "backup_copy" ADD COLUMN     "job" TEXT;

-- cluster/namespace/name
ALTER TABLE "backup_copy" ADD CONSTRAINT "backup_copy_job" CHECK ("job" ~ '^[^/]+/[^/]+/[^/]+$');
