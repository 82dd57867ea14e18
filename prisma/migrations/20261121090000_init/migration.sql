-- The SQL door to the clock. Decisions compare times with app.now(); only the test schema replaces it.
CREATE SCHEMA IF NOT EXISTS "app";
CREATE FUNCTION app.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "audit";

-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "oidc_issuer" TEXT,
    "oidc_subject" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role_grant" (
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "granted_by" TEXT NOT NULL,

    CONSTRAINT "role_grant_pkey" PRIMARY KEY ("user_id","role")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor","key")
);

-- CreateTable
CREATE TABLE "plan_request" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "answered_by" TEXT,
    "plan" JSONB,
    "plan_hash" TEXT,
    "prechecks" JSONB,
    "problem" JSONB,

    CONSTRAINT "plan_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change" (
    "number" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "cluster" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "policy" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "ticket" TEXT,
    "run_when_approved" BOOLEAN NOT NULL DEFAULT true,
    "requester_id" UUID NOT NULL,
    "requester_name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "hold" JSONB,
    "backing_out" BOOLEAN NOT NULL DEFAULT false,
    "outcome" JSONB,
    "reverts" INTEGER,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "review_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_at" TIMESTAMPTZ(3),
    "queue_expires_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "watch_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "change_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "sign_off" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "change_number" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "user_name" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "comment" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "voided_at" TIMESTAMPTZ(3),
    "void_reason" TEXT,

    CONSTRAINT "sign_off_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "step" (
    "change_number" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "usual_seconds" INTEGER,
    "started_at" TIMESTAMPTZ(3),
    "hold_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "detail" TEXT,

    CONSTRAINT "step_pkey" PRIMARY KEY ("change_number","n")
);

-- CreateTable
CREATE TABLE "intent" (
    "id" TEXT NOT NULL,
    "change_number" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "verb" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "target_uid" TEXT NOT NULL,
    "target_rv" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "on_behalf_of" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "desired" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "resolved_at" TIMESTAMPTZ(3),
    "result" TEXT,
    "result_detail" JSONB,

    CONSTRAINT "intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "command" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "change_number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "actor_id" UUID NOT NULL,
    "actor_name" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "applied_at" TIMESTAMPTZ(3),
    "result" TEXT,

    CONSTRAINT "command_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "measurement" (
    "id" BIGSERIAL NOT NULL,
    "change_number" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "verdict" TEXT NOT NULL,
    "total" DOUBLE PRECISION,
    "failed" DOUBLE PRECISION,
    "query" TEXT NOT NULL,
    "detail" TEXT,

    CONSTRAINT "measurement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "observation" (
    "change_number" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "step" INTEGER,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "kind" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "detail" JSONB,

    CONSTRAINT "observation_pkey" PRIMARY KEY ("change_number","seq")
);

-- CreateTable
CREATE TABLE "lock" (
    "key" TEXT NOT NULL,
    "change_number" INTEGER NOT NULL,
    "acquired_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "lock_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "webhook" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "delivered_at" TIMESTAMPTZ(3),
    "abandoned_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_message" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "title" TEXT NOT NULL,
    "impact" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "components" TEXT[],
    "version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "status_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_update" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "message_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),
    "created_by" TEXT NOT NULL,

    CONSTRAINT "status_update_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_day" (
    "component" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "operational" INTEGER NOT NULL DEFAULT 0,
    "degraded" INTEGER NOT NULL DEFAULT 0,
    "partial" INTEGER NOT NULL DEFAULT 0,
    "major" INTEGER NOT NULL DEFAULT 0,
    "unknown" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "status_day_pkey" PRIMARY KEY ("component","day")
);

-- CreateTable
CREATE TABLE "audit"."staged" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "producer" TEXT NOT NULL,
    "boot_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "staged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT app.now(),

    CONSTRAINT "staged_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit"."entry" (
    "seq" BIGINT NOT NULL,
    "body" TEXT NOT NULL,
    "leaf" BYTEA NOT NULL,
    "sequenced_at" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "action" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "change" INTEGER,
    "result" TEXT NOT NULL,

    CONSTRAINT "entry_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit"."head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "frontier" BYTEA NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "head_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "user_oidc_issuer_oidc_subject_key" ON "user"("oidc_issuer", "oidc_subject");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "rate_limit_expire_idx" ON "rate_limit"("expire");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE INDEX "plan_request_state_created_at_idx" ON "plan_request"("state", "created_at");

-- CreateIndex
CREATE INDEX "plan_request_expires_at_idx" ON "plan_request"("expires_at");

-- CreateIndex
CREATE INDEX "change_state_due_at_idx" ON "change"("state", "due_at");

-- CreateIndex
CREATE INDEX "change_service_environment_created_at_idx" ON "change"("service", "environment", "created_at");

-- CreateIndex
CREATE INDEX "sign_off_change_number_idx" ON "sign_off"("change_number");

-- CreateIndex
CREATE INDEX "intent_change_number_step_idx" ON "intent"("change_number", "step");

-- CreateIndex
CREATE INDEX "command_change_number_applied_at_idx" ON "command"("change_number", "applied_at");

-- CreateIndex
CREATE INDEX "measurement_change_number_id_idx" ON "measurement"("change_number", "id");

-- CreateIndex
CREATE INDEX "measurement_taken_at_idx" ON "measurement"("taken_at");

-- CreateIndex
CREATE INDEX "observation_seen_at_idx" ON "observation"("seen_at");

-- CreateIndex
CREATE INDEX "lock_change_number_idx" ON "lock"("change_number");

-- CreateIndex
CREATE INDEX "worker_heartbeat_at_idx" ON "worker"("heartbeat_at");

-- CreateIndex
CREATE INDEX "outbox_delivered_at_abandoned_at_due_at_idx" ON "outbox"("delivered_at", "abandoned_at", "due_at");

-- CreateIndex
CREATE INDEX "outbox_created_at_idx" ON "outbox"("created_at");

-- CreateIndex
CREATE INDEX "status_message_resolved_at_created_at_idx" ON "status_message"("resolved_at", "created_at");

-- CreateIndex
CREATE INDEX "status_update_message_id_created_at_idx" ON "status_update"("message_id", "created_at");

-- CreateIndex
CREATE INDEX "status_day_day_idx" ON "status_day"("day");

-- CreateIndex
CREATE INDEX "staged_staged_at_idx" ON "audit"."staged"("staged_at");

-- CreateIndex
CREATE UNIQUE INDEX "staged_producer_boot_id_n_key" ON "audit"."staged"("producer", "boot_id", "n");

-- CreateIndex
CREATE INDEX "entry_actor_id_seq_idx" ON "audit"."entry"("actor_id", "seq");

-- CreateIndex
CREATE INDEX "entry_action_seq_idx" ON "audit"."entry"("action", "seq");

-- CreateIndex
CREATE INDEX "entry_change_seq_idx" ON "audit"."entry"("change", "seq");

-- CreateIndex
CREATE INDEX "entry_occurred_at_idx" ON "audit"."entry"("occurred_at");

-- AddForeignKey
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_off" ADD CONSTRAINT "sign_off_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step" ADD CONSTRAINT "step_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intent" ADD CONSTRAINT "intent_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "command" ADD CONSTRAINT "command_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measurement" ADD CONSTRAINT "measurement_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observation" ADD CONSTRAINT "observation_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lock" ADD CONSTRAINT "lock_change_number_fkey" FOREIGN KEY ("change_number") REFERENCES "change"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "status_update" ADD CONSTRAINT "status_update_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "status_message"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One live sign-off per person and per role of a change (trust.md 1.3, 1 and 2).
CREATE UNIQUE INDEX "sign_off_live_person" ON "sign_off" ("change_number", "user_id") WHERE "voided_at" IS NULL;
CREATE UNIQUE INDEX "sign_off_live_role" ON "sign_off" ("change_number", "role") WHERE "voided_at" IS NULL;

-- One active change per workload (change-engine.md 2.2, 10).
CREATE UNIQUE INDEX "change_active_workload" ON "change" ("cluster", "namespace", "service")
  WHERE "state" IN ('Revalidating', 'Running', 'Watching', 'Paused', 'DataHold', 'DriftHold', 'Frozen', 'CapacityHold', 'ReconcileRequired');

-- The recovery of an interrupted act looks for intents without a result.
CREATE INDEX "intent_open" ON "intent" ("change_number") WHERE "resolved_at" IS NULL;

-- The audit log only grows. ENABLE ALWAYS also binds sessions in replica mode.
CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER entry_append_only;
ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER entry_no_truncate;
CREATE TRIGGER head_no_delete BEFORE DELETE ON audit.head FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER head_no_truncate BEFORE TRUNCATE ON audit.head FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER staged_no_update BEFORE UPDATE ON audit.staged FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER staged_no_truncate BEFORE TRUNCATE ON audit.staged FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE audit.head ENABLE ALWAYS TRIGGER head_no_delete;
ALTER TABLE audit.head ENABLE ALWAYS TRIGGER head_no_truncate;
ALTER TABLE audit.staged ENABLE ALWAYS TRIGGER staged_no_update;
ALTER TABLE audit.staged ENABLE ALWAYS TRIGGER staged_no_truncate;

-- An empty log: its root is SHA-256 of nothing (RFC 6962 2.1).
INSERT INTO audit.head ("id", "size", "root", "frontier", "epoch") VALUES (1, 0, sha256(''::bytea), ''::bytea, 0);

-- What changed is told on one channel as `topic:key`; listeners read the row again.
CREATE FUNCTION app.tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE key text := '';
BEGIN
  IF TG_NARGS > 1 THEN
    key := coalesce(to_jsonb(NEW) ->> TG_ARGV[1], '');
  END IF;
  PERFORM pg_notify('signalbox', TG_ARGV[0] || ':' || key);
  RETURN NULL;
END
$$;
CREATE TRIGGER change_tell AFTER INSERT OR UPDATE ON "change" FOR EACH ROW EXECUTE FUNCTION app.tell('change', 'number');
CREATE TRIGGER step_tell AFTER INSERT OR UPDATE ON "step" FOR EACH ROW EXECUTE FUNCTION app.tell('change', 'change_number');
CREATE TRIGGER observation_tell AFTER INSERT ON "observation" FOR EACH ROW EXECUTE FUNCTION app.tell('change', 'change_number');
CREATE TRIGGER measurement_tell AFTER INSERT ON "measurement" FOR EACH ROW EXECUTE FUNCTION app.tell('change', 'change_number');
CREATE TRIGGER sign_off_tell AFTER INSERT OR UPDATE ON "sign_off" FOR EACH ROW EXECUTE FUNCTION app.tell('change', 'change_number');
CREATE TRIGGER command_tell AFTER INSERT ON "command" FOR EACH ROW EXECUTE FUNCTION app.tell('command', 'change_number');
CREATE TRIGGER plan_request_tell AFTER INSERT OR UPDATE ON "plan_request" FOR EACH ROW EXECUTE FUNCTION app.tell('plan', 'id');
CREATE TRIGGER outbox_tell AFTER INSERT ON "outbox" FOR EACH STATEMENT EXECUTE FUNCTION app.tell('outbox');
CREATE TRIGGER staged_tell AFTER INSERT ON audit.staged FOR EACH STATEMENT EXECUTE FUNCTION app.tell('staged');
CREATE TRIGGER entry_tell AFTER INSERT ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION app.tell('audit');
CREATE TRIGGER status_message_tell AFTER INSERT OR UPDATE ON "status_message" FOR EACH ROW EXECUTE FUNCTION app.tell('status', 'id');
CREATE TRIGGER status_update_tell AFTER INSERT ON "status_update" FOR EACH ROW EXECUTE FUNCTION app.tell('status', 'message_id');
CREATE TRIGGER session_tell AFTER UPDATE OF "revoked_at" ON "session" FOR EACH ROW EXECUTE FUNCTION app.tell('session', 'id');
CREATE TRIGGER role_grant_tell AFTER INSERT OR UPDATE ON "role_grant" FOR EACH ROW EXECUTE FUNCTION app.tell('account', 'user_id');
CREATE TRIGGER user_tell AFTER UPDATE ON "user" FOR EACH ROW EXECUTE FUNCTION app.tell('account', 'id');
