import * as z from 'zod/mini';
import { roles } from '@/lib/access/model';
import { Archive, Copy, CopyStay, Drill, Load, Retention, SetAside } from './backup-details';

const Text = z.string().check(z.maxLength(500));
const Role = z.enum(roles);
const Count = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));

/** What is deployed where; the change's number and plan hash stand beside it in the entry. */
const asked = {
  kind: z.optional(Text),
  service: z.optional(Text),
  environment: z.optional(Text),
  region: z.optional(Text),
  from: z.optional(Text),
  to: z.optional(Text),
  replicaSet: z.optional(Text),
  lastKnownGood: z.optional(z.literal('yes')),
  replicas: z.optional(Count),
  redeploy: z.optional(Text),
  migration: z.optional(Text),
  maintenance: z.optional(z.literal('yes')),
  colour: z.optional(Text),
  weight: z.optional(Count),
  /** The name alone: who mistypes a secret finds it in the plan, which ends, and not here. */
  variable: z.optional(Text),
  database: z.optional(Text),
  pid: z.optional(Count),
  startedAt: z.optional(Text),
  copy: z.optional(Text),
};
const Nothing = z.strictObject({});
/** A move of a change from one state to the next. `attempt`, `epoch` and `step` place it in its execution. */
const Move = z.strictObject({
  from: z.optional(Text),
  to: z.optional(Text),
  sentence: z.optional(Text),
  step: z.optional(Count),
  attempt: z.optional(Count),
  epoch: z.optional(Count),
  version: z.optional(Text),
  verdict: z.optional(Text),
  region: z.optional(Text),
  total: z.optional(Count),
  failed: z.optional(Count),
});
/** One write to a cluster: announced before the act (`change.intent`), settled after it (`change.outcome`). */
const Act = z.strictObject({
  intent: Text,
  verb: z.optional(Text),
  object: z.optional(Text),
  step: z.optional(Count),
  attempt: z.optional(Count),
  epoch: z.optional(Count),
  onBehalfOf: z.optional(Text),
  resourceVersion: z.optional(Text),
  resourceVersionAfter: z.optional(Text),
  auditId: z.optional(Text),
  outcome: z.optional(Text),
  digest: z.optional(Text),
});
const Signature = z.strictObject({ role: Role, signed: z.optional(Count), needed: z.optional(Count) });
const Account = z.strictObject({
  account: Text,
  name: z.optional(Text),
  role: z.optional(Role),
  sessions: z.optional(Count),
});
/** A pipeline's token; `owner` is the account that answers for it. Its text is nowhere. */
const Token = z.strictObject({
  name: Text,
  owner: z.optional(Text),
  scopes: z.optional(Text),
  roles: z.optional(Text),
  expires: z.optional(Text),
});
/** FREEZE or BACK OUT, and what for. */
const Switch = z.strictObject({ verb: Text, scope: Text, target: z.optional(Text) });
/** A review that somebody is reminded of; RFC 3339. */
const Review = z.strictObject({ dueAt: Text });
const Message = z.strictObject({
  title: z.optional(Text),
  impact: z.optional(Text),
  state: z.optional(Text),
  components: z.optional(Text),
  version: z.optional(Count),
});

/** An entry of an objective's ledger, or a span that it does not count. Times are RFC 3339. */
const Spending = z.strictObject({
  id: Text,
  environment: z.optional(Text),
  cause: z.optional(Text),
  title: z.optional(Text),
  region: z.optional(Text),
  from: z.optional(Text),
  to: z.optional(Text),
  rule: z.optional(Text),
  starts: z.optional(Text),
  zone: z.optional(Text),
  seconds: z.optional(Count),
  change: z.optional(Text),
});

/** A month that was closed, or what was learned about it later. Amounts are decimal text: figures here are whole. */
const Report = z.strictObject({
  month: Text,
  environment: Text,
  hash: z.optional(Text),
  objectives: z.optional(Count),
  met: z.optional(Count),
  id: z.optional(Text),
  objective: z.optional(Text),
  definition: z.optional(Text),
  what: z.optional(Text),
  failures: z.optional(Text),
  seconds: z.optional(Text),
});

/** A view of a page that a person named. */
const View = z.strictObject({
  page: Text,
  name: Text,
  nameBefore: z.optional(Text),
  query: z.optional(Text),
  shared: z.optional(z.boolean()),
  owner: z.optional(Text),
});

/**
 * The closed list of what the audit log records: `entity.verb` and the schema of its details. Details are
 * flat: strings, booleans and safe integers. A secret has no field here, and unknown fields are refused.
 */
export const auditActions = {
  'plan.requested': z.strictObject(asked),
  'plan.answered': z.strictObject({ ...asked, worker: z.optional(Text), gate: z.optional(Text) }),
  'change.requested': z.strictObject({
    ...asked,
    policy: z.optional(Text),
    ticket: z.optional(Text),
    runWhenApproved: z.optional(z.boolean()),
  }),
  'change.signed': Signature,
  'change.rejected': Signature,
  'change.sign_off_withdrawn': Signature,
  'change.sign_off_voided': Signature,
  'change.approved': Move,
  'change.reopened': Move,
  'change.queued': Move,
  'change.cancelled': Move,
  'change.expired': Move,
  'change.voided': Move,
  'change.claimed': Move,
  'change.started': Move,
  'change.intent': Act,
  'change.outcome': Act,
  'change.measured': Move,
  'change.step_done': Move,
  'change.held': Move,
  'change.paused': Move,
  'change.resumed': Move,
  'change.aborted': Move,
  'change.promoted': Move,
  'change.undo_started': Move,
  'change.watching': Move,
  'change.succeeded': Move,
  'change.backed_out': Move,
  'change.failed': Move,
  'change.reconcile_required': Move,
  'change.reconciled': Move,
  'change.reviewed': Nothing,
  'change.review_reminded': Review,
  'change.review_overdue': Review,
  'change.stalled': z.strictObject({ sentence: Text }),
  'change.watch_ended': z.strictObject({ to: Text, sentence: z.optional(Text), seconds: z.optional(Count) }),
  'switch.pulled': Switch,
  'switch.release_asked': Switch,
  'switch.released': Switch,
  'status.published': Message,
  'status.updated': Message,
  'status.resolved': Message,
  'slo.entry_added': Spending,
  'slo.entry_voided': Spending,
  'slo.exclusion_added': Spending,
  'slo.exclusion_voided': Spending,
  'report.frozen': Report,
  'report.corrected': Report,
  'view.saved': View,
  'view.changed': View,
  'view.deleted': View,
  'backup.asked': Copy,
  'backup.withdrawn': Copy,
  'backup.stop_asked': Copy,
  'backup.given_back': Copy,
  'backup.started': Copy,
  'backup.job_asked': Copy,
  'backup.kept': Copy,
  'backup.failed': Copy,
  'backup.level_changed': Copy,
  'backup.pinned': CopyStay,
  'backup.unpinned': CopyStay,
  'backup.tombstoned': CopyStay,
  'backup.wanted_again': CopyStay,
  'backup.deleted': CopyStay,
  'backup.retention_stopped': Retention,
  'backup.let_go': Retention,
  'archive.kept': Archive,
  'archive.failed': Archive,
  'archive.level_changed': Archive,
  'archive.deleted': Archive,
  'backup.drill_requested': Drill,
  'backup.drill_started': Drill,
  'backup.drill_passed': Drill,
  'backup.drill_failed': Drill,
  'backup.drill_cancelled': Drill,
  'backup.load_asked': Load,
  'backup.load_started': Load,
  'backup.load_done': Load,
  'backup.load_failed': Load,
  'backup.load_stopped': Load,
  'backup.set_aside_dropped': SetAside,
  'session.started': z.strictObject({ method: z.enum(['password', 'oidc']) }),
  'session.ended': Nothing,
  'session.refused': z.strictObject({
    method: z.enum(['password', 'oidc']),
    cause: z.enum(['credentials', 'limit', 'disabled', 'no-account']),
  }),
  'session.revoked': z.strictObject({ sessions: Count }),
  'account.added': Account,
  'account.disabled': Account,
  'account.enabled': Account,
  'token.created': Token,
  'token.revoked': Token,
  'token.refused': z.strictObject({
    cause: z.enum(['unknown', 'revoked', 'expired', 'owner', 'scope', 'limit']),
    route: z.optional(Text),
  }),
  'role.granted': Account,
  'role.revoked': Account,
  'audit.exported': z.strictObject({
    format: z.enum(['csv', 'jsonl']),
    entries: Count,
    filter: z.optional(Text),
  }),
} as const;

export type AuditAction = keyof typeof auditActions;
type Details = { [Action in AuditAction]: z.input<(typeof auditActions)[Action]> };
export type AuditDetails<Action extends AuditAction = AuditAction> = Details[Action];

const names: ReadonlySet<string> = new Set(Object.keys(auditActions));
export const isAuditAction = (text: string): text is AuditAction => names.has(text);

export const auditResults = ['ok', 'refused', 'failed'] as const;
export type AuditResult = (typeof auditResults)[number];
