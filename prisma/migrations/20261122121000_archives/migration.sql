-- CreateTable
CREATE TABLE "archive" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "folder" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "slot_at" TIMESTAMPTZ(3),
    "missed_slots" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "finished_at" TIMESTAMPTZ(3),
    "bytes" BIGINT,
    "sha256" TEXT,
    "entries" BIGINT,
    "content" JSONB,
    "same_as" UUID,
    "level" INTEGER,
    "check_due_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "deleted_at" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "archive_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "archive_check" (
    "id" BIGSERIAL NOT NULL,
    "archive_id" UUID NOT NULL,
    "level" INTEGER NOT NULL,
    "result" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "tool" TEXT NOT NULL,
    "tool_version" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "archive_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backup_trouble" (
    "subject" TEXT NOT NULL,
    "trouble" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "backup_trouble_pkey" PRIMARY KEY ("subject","trouble")
);

-- CreateIndex
CREATE UNIQUE INDEX "archive_object_key" ON "archive"("object");

-- CreateIndex
CREATE INDEX "archive_kind_started_at_idx" ON "archive"("kind", "started_at");

-- CreateIndex
CREATE INDEX "archive_state_lease_until_idx" ON "archive"("state", "lease_until");

-- CreateIndex
CREATE INDEX "archive_check_archive_id_level_id_idx" ON "archive_check"("archive_id", "level", "id");

-- AddForeignKey
ALTER TABLE "archive_check" ADD CONSTRAINT "archive_check_archive_id_fkey" FOREIGN KEY ("archive_id") REFERENCES "archive"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "archive" ADD CONSTRAINT "archive_kind" CHECK ("kind" IN ('configuration', 'audit'));
ALTER TABLE "archive" ADD CONSTRAINT "archive_state" CHECK ("state" IN ('running', 'kept', 'unchanged', 'failed', 'deleted'));
ALTER TABLE "archive" ADD CONSTRAINT "archive_level" CHECK ("level" BETWEEN 0 AND 4);
-- What is kept can be found and compared; what holds nothing new says where it stands; what failed says why.
ALTER TABLE "archive" ADD CONSTRAINT "archive_whole" CHECK (
  "state" NOT IN ('kept', 'deleted')
  OR ("finished_at" IS NOT NULL AND "bytes" IS NOT NULL AND "sha256" IS NOT NULL AND "entries" IS NOT NULL AND "content" IS NOT NULL));
ALTER TABLE "archive" ADD CONSTRAINT "archive_same" CHECK ("state" <> 'unchanged' OR ("finished_at" IS NOT NULL AND "same_as" IS NOT NULL));
ALTER TABLE "archive" ADD CONSTRAINT "archive_said" CHECK ("state" <> 'failed' OR ("error" IS NOT NULL AND "finished_at" IS NOT NULL));
ALTER TABLE "archive_check" ADD CONSTRAINT "archive_check_result" CHECK ("result" IN ('passed', 'failed', 'unknown'));
ALTER TABLE "archive_check" ADD CONSTRAINT "archive_check_level" CHECK ("level" BETWEEN 0 AND 4);
-- One link of the chain at a time; a moment of the schedule is answered once.
CREATE UNIQUE INDEX "archive_one_running" ON "archive" ("kind") WHERE "state" = 'running';
CREATE UNIQUE INDEX "archive_one_of_slot" ON "archive" ("kind", "slot_at") WHERE "state" <> 'failed' AND "slot_at" IS NOT NULL;
