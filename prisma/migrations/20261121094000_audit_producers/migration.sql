-- Counter of each process that stages audit entries. It is raised in the transaction that stages, so a
-- transaction that is rolled back gives its number back and the numbers of committed entries have no hole.
CREATE TABLE "audit"."producer" (
    "producer" TEXT NOT NULL,
    "boot_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "producer_pkey" PRIMARY KEY ("producer","boot_id")
);

-- CreateIndex
CREATE INDEX "producer_last_at_idx" ON "audit"."producer"("last_at");
