-- CreateTable
CREATE TABLE "database_sample" (
    "database_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "database_sample_pkey" PRIMARY KEY ("database_id","at")
);

-- CreateIndex
CREATE INDEX "database_sample_at_idx" ON "database_sample"("at");
