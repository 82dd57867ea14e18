-- AlterTable
ALTER TABLE "command" ADD COLUMN     "expected_step" INTEGER;

-- AlterTable
ALTER TABLE "measurement" ADD COLUMN     "answer" JSONB,
ADD COLUMN     "baseline_failed" DOUBLE PRECISION,
ADD COLUMN     "baseline_total" DOUBLE PRECISION,
ADD COLUMN     "region" TEXT,
ADD COLUMN     "share" DOUBLE PRECISION;
