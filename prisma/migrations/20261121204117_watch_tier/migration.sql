-- CreateTable
CREATE TABLE "watch_tier" (
    "change_number" INTEGER NOT NULL,
    "seconds" INTEGER NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "next_look_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "looks" INTEGER NOT NULL DEFAULT 0,
    "bad_looks" INTEGER NOT NULL DEFAULT 0,
    "looked_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "detail" TEXT,
    "figures" JSONB,

    CONSTRAINT "watch_tier_pkey" PRIMARY KEY ("change_number","seconds")
);

-- CreateIndex
CREATE INDEX "watch_tier_state_next_look_at_idx" ON "watch_tier"("state", "next_look_at");

-- AddForeignKey
ALTER TABLE "watch_tier" ADD CONSTRAINT "watch_tier_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;
