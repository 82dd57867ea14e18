-- CreateTable
CREATE TABLE "backup_retention" (
    "database_id" TEXT NOT NULL,
    "ran_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "state" TEXT NOT NULL,
    "stops" JSONB NOT NULL DEFAULT '[]',
    "leaving" TEXT[],
    "unknown_files" TEXT[],
    "unknown_count" INTEGER NOT NULL DEFAULT 0,
    "missing" TEXT[],
    "approved" TEXT[],
    "approved_at" TIMESTAMPTZ(3),
    "approved_by_id" UUID,
    "approved_by_name" TEXT,

    CONSTRAINT "backup_retention_pkey" PRIMARY KEY ("database_id")
);
