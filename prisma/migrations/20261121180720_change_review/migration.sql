-- AlterTable
ALTER TABLE "change" ADD COLUMN     "review_due_at" TIMESTAMPTZ(3),
ADD COLUMN     "review_note" TEXT,
ADD COLUMN     "reviewed_at" TIMESTAMPTZ(3),
ADD COLUMN     "reviewed_by_id" UUID,
ADD COLUMN     "reviewed_by_name" TEXT;
