import { type Role, roleNames } from '@/lib/access/model';
import type { AuditBody } from '@/lib/audit/entry';
import type { ChangeRow } from '@/lib/change/contract';
import { changeId } from '@/lib/core/ids';
import { paths } from '@/lib/core/paths';
import type { FiringAlert, TimelineEntry } from './contract';

/** What each recorded move says after the name of who made it. Moves that are not here stay in the audit log. */
const phrases: Partial<Record<AuditBody['action'], string>> = {
  'change.requested': 'asked for',
  'change.signed': 'signed',
  'change.rejected': 'rejected',
  'change.sign_off_withdrawn': 'took back the sign-off of',
  'change.cancelled': 'cancelled',
  'change.expired': 'let expire',
  'change.voided': 'voided',
  'change.started': 'started',
  'change.held': 'holds',
  'change.paused': 'paused',
  'change.resumed': 'resumed',
  'change.aborted': 'aborted',
  'change.promoted': 'went on with',
  'change.undo_started': 'goes back on',
  'change.watching': 'watches',
  'change.succeeded': 'completed',
  'change.backed_out': 'backed out',
  'change.failed': 'ended as failed',
  'change.reconcile_required': 'asks for a statement on',
};

/** Actions that the timeline shows: the query of the newest entries is limited to them. */
export const timelineActions = Object.keys(phrases);

const isRole = (text: unknown): text is Role => typeof text === 'string' && text in roleNames;

/** One recorded move of a change in words; null for a move that is not shown or of another environment. */
export function ofEntry(
  seq: string,
  body: AuditBody,
  changes: ReadonlyMap<string, ChangeRow>,
): TimelineEntry | null {
  const phrase = phrases[body.action];
  const change = body.change === undefined ? undefined : changes.get(changeId(body.change));
  if (phrase === undefined || change === undefined) return null;
  const who = body.actor.kind === 'worker' ? 'The worker' : body.actor.name;
  const role = body.details['role'];
  const as = isRole(role) ? ` as ${roleNames[role]}` : '';
  return {
    id: `audit-${seq}`,
    at: body.at,
    glyph: body.actor.kind === 'worker' ? 'worker' : 'person',
    sentence: `${who} ${phrase} ${change.id}, ${change.title} in ${change.region}${as}.`,
    href: paths.change(change.id),
  };
}

export const ofAlert = (alert: FiringAlert): TimelineEntry => ({
  id: `alert-${alert.fingerprint}-${alert.since}`,
  at: alert.since,
  glyph: 'alert',
  sentence: `${alert.name} began to fire${alert.region === null ? '' : ` in ${alert.region}`}.`,
  href: alert.service === null ? null : paths.service(alert.service),
});

/** Newest first, at most `count`. */
export const newest = (entries: readonly TimelineEntry[], count: number): TimelineEntry[] =>
  [...entries].sort((a, b) => b.at.localeCompare(a.at)).slice(0, count);
