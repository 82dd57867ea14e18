-- CreateTable
CREATE TABLE "rollout_progress" (
    "change_number" INTEGER NOT NULL,
    "progress" JSONB NOT NULL,

    CONSTRAINT "rollout_progress_pkey" PRIMARY KEY ("change_number")
);
