import type { Tone } from '@/components/ui/state';
import { type AuditAction, type AuditResult, isAuditAction } from '@/lib/audit/actions';

/** Every recorded action as a person would say it; the name of the action stands in the opened entry. */
const actionWords: Record<AuditAction, string> = {
  'plan.requested': 'Plan asked for',
  'plan.answered': 'Plan answered',
  'change.requested': 'Change requested',
  'change.signed': 'Change signed off',
  'change.rejected': 'Change rejected',
  'change.sign_off_withdrawn': 'Sign-off withdrawn',
  'change.sign_off_voided': 'Sign-off voided',
  'change.approved': 'All sign-offs given',
  'change.reopened': 'Sign-offs reopened',
  'change.queued': 'Change queued',
  'change.cancelled': 'Change cancelled',
  'change.expired': 'Change expired',
  'change.voided': 'Change voided',
  'change.claimed': 'Change claimed',
  'change.started': 'Change started',
  'change.intent': 'Write announced',
  'change.outcome': 'Write settled',
  'change.measured': 'Guard measured',
  'change.step_done': 'Step done',
  'change.held': 'Change held',
  'change.paused': 'Change paused',
  'change.resumed': 'Change resumed',
  'change.aborted': 'Change aborted',
  'change.promoted': 'Hold cut short',
  'change.undo_started': 'Going back started',
  'change.watching': 'Watch started',
  'change.succeeded': 'Change succeeded',
  'change.backed_out': 'Change backed out',
  'change.failed': 'Change failed',
  'change.reconcile_required': 'Needs a person',
  'change.reconciled': 'Reconciled by a person',
  'change.watch_ended': 'Watch after a change',
  'change.reviewed': 'Way back reviewed',
  'switch.pulled': 'Switch pulled',
  'switch.release_asked': 'Release of a switch asked for',
  'switch.released': 'Switch released',
  'status.published': 'Status message published',
  'status.updated': 'Status message updated',
  'status.resolved': 'Status message resolved',
  'slo.entry_added': 'Budget entry added',
  'slo.entry_voided': 'Budget entry voided',
  'slo.exclusion_added': 'Exclusion added',
  'slo.exclusion_voided': 'Exclusion voided',
  'report.frozen': 'Monthly report frozen',
  'report.corrected': 'Monthly report corrected',
  'view.saved': 'View saved',
  'view.changed': 'View changed',
  'view.deleted': 'View deleted',
  'backup.asked': 'Backup asked for by a change',
  'backup.withdrawn': 'Backup withdrawn before it began',
  'backup.stop_asked': 'Backup told to stop',
  'backup.given_back': 'Backup left to another worker',
  'backup.started': 'Backup begun',
  'backup.job_asked': 'Job asked for to make a backup',
  'backup.kept': 'Backup kept',
  'backup.failed': 'Backup failed',
  'backup.level_changed': 'Verification of a copy changed',
  'backup.pinned': 'Copy pinned',
  'backup.unpinned': 'Copy unpinned',
  'backup.tombstoned': 'Copy marked for deletion',
  'backup.wanted_again': 'Copy kept after all',
  'backup.deleted': 'Copy deleted',
  'backup.retention_stopped': 'Retention stopped',
  'backup.let_go': 'Copies let go',
  'archive.kept': 'Archive made',
  'archive.failed': 'Archive failed',
  'archive.level_changed': 'Archive verified to another level',
  'archive.deleted': 'Archive deleted',
  'backup.drill_requested': 'Drill asked for',
  'backup.drill_started': 'Drill begun',
  'backup.drill_passed': 'Drill passed',
  'backup.drill_failed': 'Drill failed',
  'backup.drill_cancelled': 'Drill cancelled',
  'session.started': 'Signed in',
  'session.ended': 'Signed out',
  'session.refused': 'Sign-in refused',
  'session.revoked': 'Sessions ended',
  'account.added': 'Account added',
  'account.disabled': 'Account disabled',
  'account.enabled': 'Account enabled',
  'token.created': 'Token made',
  'token.revoked': 'Token revoked',
  'token.refused': 'Token refused',
  'role.granted': 'Role granted',
  'role.revoked': 'Role taken away',
  'audit.exported': 'Audit log exported',
};

/** An action that a newer version wrote keeps its own name. */
export const actionWord = (action: string): string => (isAuditAction(action) ? actionWords[action] : action);

/** A refusal by rule is warn: the rule worked. */
export const resultTone: Record<AuditResult, Tone> = { ok: 'ok', refused: 'warn', failed: 'crit' };
export const resultWord: Record<AuditResult, string> = { ok: 'Done', refused: 'Refused', failed: 'Failed' };

/** Entities of the log for the action filter, in the order people look for them. */
export const entities = [
  { key: 'change', label: 'Changes' },
  { key: 'plan', label: 'Plans' },
  { key: 'status', label: 'Status page' },
  { key: 'slo', label: 'Objectives' },
  { key: 'backup', label: 'Backups' },
  { key: 'view', label: 'Saved views' },
  { key: 'session', label: 'Sign-in' },
  { key: 'account', label: 'Accounts' },
  { key: 'role', label: 'Roles' },
  { key: 'audit', label: 'Audit log' },
] as const;

/** `resourceVersionAfter` as `resource version after`. */
export const fieldWord = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
