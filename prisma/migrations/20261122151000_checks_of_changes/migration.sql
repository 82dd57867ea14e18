-- AlterTable
ALTER TABLE "change" ADD COLUMN     "prechecks" JSONB,
ADD COLUMN     "prechecked_at" TIMESTAMPTZ(3);
