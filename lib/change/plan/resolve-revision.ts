import 'server-only';
import { OpsError } from '@/lib/core/errors';
import { releaseOf } from '@/lib/core/release';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { DeployPlan, Precheck, RequestPlan } from '../contract';
import type { Observed } from '../execute/observe';
import { gradeWords } from '../revision/grade-words';
import { lastKnownGood } from '../revision/last-known-good';
import { readRevisionRecord } from '../revision/read-record';
import { type Standing, standingsOf } from '../revision/standing';
import type { PlannedRevision } from '../revision-contract';
import { imageOf, versionOf } from '../template';

const revisionOf = (set: Observed['replicaSets'][number]): string | null =>
  set.metadata.annotations['deployment.kubernetes.io/revision'] ?? null;

/**
 * The revision that a rollback means, with what the record says of it; null for every other change. Throws OpsError
 * `precondition` when none is known to be good, or the cluster does not have it any more.
 */
export async function resolveRevision(
  db: DatabaseOrTransaction,
  input: RequestPlan,
  { replicaSets, deployment }: Pick<Observed, 'replicaSets' | 'deployment'>,
  container: string,
): Promise<PlannedRevision | null> {
  if (input.kind !== 'rollback') return null;
  if (input.replicaSet === undefined && input.lastKnownGood !== true) return null;
  const record = await readRevisionRecord(db, input);
  const kept = replicaSets.map((set) => ({
    replicaSet: set.metadata.name,
    revision: revisionOf(set),
    version: versionOf(imageOf(set.spec.template, container) ?? ''),
    release: releaseOf(set.spec.template),
  }));
  if (input.replicaSet !== undefined) {
    const one = kept.find(({ replicaSet }) => replicaSet === input.replicaSet);
    const standing = one?.release == null ? undefined : standingsOf(record.facts).get(one.release);
    return planned({ replicaSet: input.replicaSet, number: one?.revision ?? null }, standing, false);
  }
  const good = lastKnownGood(record, kept, releaseOf(deployment.spec.template));
  if (good.state !== 'found') throw new OpsError('precondition', good.sentence, { next: good.next });
  const { replicaSet, revision } = good.kept;
  return planned({ replicaSet, number: revision }, good.standing, true);
}

const planned = (
  of: Pick<PlannedRevision, 'replicaSet' | 'number'>,
  standing: Standing | undefined,
  isLastKnownGood: boolean,
): PlannedRevision => ({
  ...of,
  isLastKnownGood,
  grade: standing?.grade ?? null,
  why: standing?.why ?? null,
  since: standing?.since.toISOString() ?? null,
});

/** Whether the revision is known to be good: a rollback to another one is for people to judge. */
export function revisionCheck({ revision }: DeployPlan): Precheck[] {
  if (revision === undefined) return [];
  const { replicaSet, grade, why, since } = revision;
  const words = gradeWords(grade);
  const at = since === null ? '' : `, since ${since.slice(0, 16).replace('T', ' ')} UTC`;
  const detail = why === null ? `${replicaSet}: ${words}.` : `${replicaSet}: ${words}; ${why}${at}.`;
  const result = grade === 'good' ? 'pass' : 'warn';
  return [{ id: 'revision', title: 'The revision is known to be good', result, detail }];
}
