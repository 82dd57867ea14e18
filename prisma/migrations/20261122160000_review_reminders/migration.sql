-- AlterTable
ALTER TABLE "change" ADD COLUMN     "review_overdue_told_at" TIMESTAMPTZ(3),
ADD COLUMN     "review_reminded_at" TIMESTAMPTZ(3);

-- Counted with every page: there are few at a time, among all changes that ever were.
CREATE INDEX "change_open_review" ON "change" ("review_due_at") WHERE "review_due_at" IS NOT NULL AND "reviewed_at" IS NULL;
