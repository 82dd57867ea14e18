-- AlterTable
ALTER TABLE "measurement" ADD COLUMN     "proves" BOOLEAN NOT NULL DEFAULT false;

-- What was asked about a share has kept which one was wanted beside the answer.
UPDATE "measurement" SET "proves" = true WHERE "answer" ? 'wanted';
