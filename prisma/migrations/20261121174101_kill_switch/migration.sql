-- CreateTable
CREATE TABLE "kill_switch" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "verb" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "target" TEXT,
    "reason" TEXT NOT NULL,
    "pulled_by_id" UUID NOT NULL,
    "pulled_by_name" TEXT NOT NULL,
    "pulled_by_email" TEXT NOT NULL,
    "pulled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "release_asked_by_id" UUID,
    "release_asked_by_name" TEXT,
    "release_reason" TEXT,
    "release_asked_at" TIMESTAMPTZ(3),
    "released_by_id" UUID,
    "released_by_name" TEXT,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "kill_switch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "kill_switch_released_at_idx" ON "kill_switch"("released_at");

-- One word for each, a target where the scope has one, and a release by another person than who asked for it.
ALTER TABLE "kill_switch" ADD CONSTRAINT "kill_switch_verb" CHECK ("verb" IN ('freeze', 'back-out'));
ALTER TABLE "kill_switch" ADD CONSTRAINT "kill_switch_scope" CHECK (
  ("scope" = 'everywhere' AND "target" IS NULL) OR ("scope" IN ('cluster', 'service') AND "target" IS NOT NULL));
ALTER TABLE "kill_switch" ADD CONSTRAINT "kill_switch_two_people" CHECK (
  "released_at" IS NULL OR ("released_by_id" IS NOT NULL AND "released_by_id" <> "release_asked_by_id"));
-- Pulled twice is pulled once.
CREATE UNIQUE INDEX "kill_switch_one" ON "kill_switch" ("verb", "scope", coalesce("target", '')) WHERE "released_at" IS NULL;
CREATE TRIGGER kill_switch_tell AFTER INSERT OR UPDATE ON "kill_switch" FOR EACH STATEMENT EXECUTE FUNCTION app.tell('change');
