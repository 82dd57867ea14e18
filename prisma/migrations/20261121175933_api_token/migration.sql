-- AlterTable
ALTER TABLE "change" ADD COLUMN     "requester_token" UUID;

-- AlterTable
ALTER TABLE "plan_request" ADD COLUMN     "token_id" UUID;

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "scopes" TEXT[],
    "roles" TEXT[],
    "owner_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "api_token_owner_id_idx" ON "api_token"("owner_id");

-- CreateIndex
CREATE INDEX "api_token_expires_at_idx" ON "api_token"("expires_at");

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What may stand in a token: a hash of SHA-256, at least one known scope, an end within 366 days. Of tokens in use
-- no two have one name.
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_hash" CHECK ("hash" ~ '^[0-9a-f]{64}$');
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_scopes" CHECK (cardinality("scopes") > 0 AND "scopes" <@ ARRAY['read', 'plan']);
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_ends" CHECK (
  "expires_at" > "created_at" AND "expires_at" <= "created_at" + interval '366 days');
CREATE UNIQUE INDEX "api_token_name" ON "api_token" (lower("name")) WHERE "revoked_at" IS NULL;
