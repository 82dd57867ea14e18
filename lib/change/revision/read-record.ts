import 'server-only';
import { z } from 'zod';
import { dataKinds } from '@/lib/core/change-kind';
import { releaseOf } from '@/lib/core/release';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { changeStates } from '../model';
import type { RevisionRecord } from './last-known-good';
import type { RevisionFact } from './standing';

/** Far more than anybody goes back through. */
const CHANGES_KNOWN = 100;

const Undo = z.object({
  version: z.string(),
  template: z.string(),
  isKnownGood: z.boolean().default(true),
  served: z.object({ total: z.number(), failed: z.number() }).optional(),
});
const Row = z.object({
  number: z.int(),
  state: z.enum(changeStates),
  created_at: z.date(),
  finished_at: z.date().nullable(),
  goes_back: z.boolean(),
  /** Something of it takes requests, so that its watch says something of them. */
  judged: z.boolean(),
  /** A person said how it ended: nobody measured it. */
  stated: z.boolean(),
  /** It went back, and this region kept what it brought. */
  kept: z.boolean(),
  verdict: z.string().nullable(),
  staged: z.boolean(),
  from_version: z.string(),
  to_version: z.string(),
  undo: Undo,
  regressed_at: z.date().nullable(),
  before: z.unknown(),
  desired: z.unknown(),
});
type Row = z.infer<typeof Row>;

const parsedText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** What one change says, in the order in which it came to know it. */
function factsOf(row: Row): RevisionFact[] {
  const fact = (what: RevisionFact['what'], release: string | null, version: string, at: Date) =>
    release === null ? [] : [{ change: row.number, what, release, version, at }];
  const { undo, created_at: planned } = row;
  const before = releaseOf(parsedText(undo.template));
  const found =
    undo.isKnownGood && row.judged
      ? fact(undo.served === undefined ? 'ran' : 'served', before, undo.version, planned)
      : [];
  const written = releaseOf(row.desired);
  if (written === null || row.finished_at === null) return found;
  const left = row.staged ? before : releaseOf(row.before);
  const brings = left !== written;
  const ended = (what: RevisionFact['what'], at = row.finished_at ?? planned) =>
    fact(what, written, row.to_version, at);
  switch (row.state) {
    case 'Succeeded': {
      const isGood = row.judged && !row.stated && (row.verdict === null || row.verdict === 'PASS');
      return [
        ...found,
        ...(brings && row.goes_back ? fact('left', left, row.from_version, row.finished_at) : []),
        ...(isGood ? ended(brings ? 'brought' : 'kept') : []),
        ...(row.regressed_at === null ? [] : ended('worse', row.regressed_at)),
      ];
    }
    case 'BackedOut':
      return [
        ...found,
        ...(brings && !row.kept ? ended('went-back') : []),
        ...(row.regressed_at === null ? [] : ended('worse', row.regressed_at)),
      ];
    case 'Failed':
      return [...found, ...(brings ? ended('failed') : [])];
    default:
      return found;
  }
}

/** What the newest change that brought another release put back; null when it brought something new, or still runs. */
function putBackOf(rows: readonly Row[]): RevisionRecord['putBack'] {
  for (const row of rows.toReversed()) {
    const written = releaseOf(row.desired);
    const left = row.staged ? releaseOf(parsedText(row.undo.template)) : releaseOf(row.before);
    if (written === null || written === left) continue;
    const release =
      row.state === 'BackedOut' && !row.kept
        ? releaseOf(parsedText(row.undo.template))
        : row.state === 'Succeeded' && row.goes_back
          ? written
          : null;
    return release === null ? null : { change: row.number, release };
  }
  return null;
}

/** What the recorded changes of a place say of its revisions; what a change of a database did says nothing of them. */
export async function readRevisionRecord(
  db: DatabaseOrTransaction,
  { service, environment, region }: { service: string; environment: string; region: string },
): Promise<RevisionRecord> {
  const found = await db.$queryRaw<unknown[]>`
    SELECT c.number, c.state, c.created_at, c.finished_at,
      (c.kind = 'rollback' OR c.plan -> 'goesBack' IS NOT NULL) AS goes_back,
      coalesce((c.plan #>> '{guard,judges}')::boolean, true) AS judged,
      coalesce((c.outcome ->> 'stated')::boolean, false) AS stated,
      coalesce(c.outcome -> 'kept' ? ${region}, false) AS kept,
      (SELECT m.verdict FROM measurement m
        WHERE m.change_number = c.number AND NOT m.proves ORDER BY m.id DESC LIMIT 1) AS verdict,
      c.plan -> 'staged' IS NOT NULL AS staged,
      coalesce(c.plan #>> '{from,version}', '') AS from_version,
      coalesce(c.plan #>> '{to,version}', '') AS to_version,
      c.plan -> 'undo' AS undo,
      (SELECT min(w.ended_at) FROM watch_tier w
        WHERE w.change_number = c.number AND w.state = 'regressed') AS regressed_at,
      written.before, written.desired
    FROM change c LEFT JOIN LATERAL (
      SELECT i.before -> 'template' AS before, i.desired -> 'template' AS desired FROM intent i
      WHERE i.change_number = c.number AND i.result IN ('applied', 'adopted')
        AND i.verb IN ('apply', 'set-version', 'write') AND i.desired ? 'template'
        AND (c.plan -> 'staged' IS NULL OR i.target LIKE ${region} || '/Deployment/%')
      ORDER BY i.attempt LIMIT 1) written ON true
    WHERE c.service = ${service} AND c.environment = ${environment} AND NOT c.kind = ANY(${[...dataKinds]})
      AND (c.region = ${region} OR c.plan #> '{staged,regions}' @> to_jsonb(${region}::text))
    ORDER BY c.number DESC LIMIT ${CHANGES_KNOWN}`;
  const rows = found.map((row) => Row.parse(row)).toReversed();
  return { facts: rows.flatMap(factsOf), putBack: putBackOf(rows) };
}
