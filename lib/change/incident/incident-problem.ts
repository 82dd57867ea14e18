import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { DeployPlan } from '../contract';
import { liveSignOffs } from '../sign-offs';
import type { StoredChange } from '../stored';
import { openIncidents } from './open-incidents';

/** A start waits no longer than this for an Alertmanager. */
const PATIENCE_MS = 3000;

/** `unknown`: why nobody knows; the change goes on then, since a dead Alertmanager is no incident. */
export type IncidentAnswer = { problem: string | null; unknown: string | null };

const none: IncidentAnswer = { problem: null, unknown: null };

/**
 * What an incident holds up: new things that get requests. Going back never, it is what incidents need; nor scaling,
 * restarting, setting a value or ending a session, which is done about them.
 */
export const isHeldByIncidents = ({ kind, goesBack }: Pick<DeployPlan, 'kind' | 'goesBack'>): boolean =>
  (kind === 'deploy' || kind === 'shift') && goesBack === undefined;

/**
 * Whether an incident of the service was opened since the first of its sign-offs (change-engine.md 2.4): who signed did
 * not know of it. One that was open by then was known, so that what mends it can be signed and started.
 */
export async function incidentProblem(
  config: Config,
  db: DatabaseOrTransaction,
  { number, plan }: Pick<StoredChange, 'number' | 'plan'>,
): Promise<IncidentAnswer> {
  if (!isHeldByIncidents(plan)) return none;
  const service = config.services.find(({ id }) => id === plan.service);
  const [first] = await liveSignOffs(db, number);
  if (service === undefined || first === undefined) return none;
  const { environment } = plan;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const { open, unread } = await openIncidents(config, db, { service, environment }, signal);
  const since = open.find((one) => one.since > first.createdAt);
  if (since !== undefined) {
    const problem =
      `An incident of ${service.name} was opened since the plan was signed: ${since.what} since ${timeWords(since.since)}, ` +
      `and ${first.userName} signed at ${timeWords(first.createdAt)}. End it first, or ask for a new plan and have it signed in the knowledge of it. A rollback is not held up by it.`;
    return { problem, unknown: null };
  }
  const unknown =
    unread === null ? null : `Whether an incident was opened since the sign-offs is not known: ${unread}`;
  return { problem: null, unknown };
}

/**
 * The same before a migration, which cannot be taken back by itself. In its own maintenance a service refuses all
 * requests, and alerts about that are no incident.
 */
export async function incidentBeforeMigration(
  config: Config,
  db: DatabaseOrTransaction,
  change: Pick<StoredChange, 'number' | 'plan'>,
): Promise<string | null> {
  const refuses = change.plan.staged?.objects.some(({ part }) => part === 'maintenance') === true;
  return refuses ? null : (await incidentProblem(config, db, change)).problem;
}

const timeWords = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
