-- CreateTable
CREATE TABLE "slo_adopted_read" (
    "source" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "read_at" TIMESTAMPTZ(3),
    "problem" JSONB,

    CONSTRAINT "slo_adopted_read_pkey" PRIMARY KEY ("source")
);

-- CreateTable
CREATE TABLE "slo_adopted" (
    "source" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "found" JSONB NOT NULL,
    "before" JSONB,
    "changed_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slo_adopted_pkey" PRIMARY KEY ("source","tool","key")
);

-- CreateIndex
CREATE INDEX "slo_adopted_seen_at_idx" ON "slo_adopted"("seen_at");
