import { roleNames } from '@/lib/access/model';
import type { ChangeState } from '@/lib/change/model';
import { strategyNames } from '@/lib/change/strategies';
import { formatDuration } from '@/lib/core/duration';
import type { OpsError } from '@/lib/core/errors';
import type { ChangeAnswer, PlanAnswer } from './change-answers';

/** 1 and 2 are taken: refused or failed, and called wrongly. */
export const STILL_OPEN = 5;
/** The console did not say how the change ended: neither a success nor a failure. */
export const UNKNOWN = 6;
/** As shells say it of a command that an interrupt ended. */
export const INTERRUPTED = 130;

const exitCodes: Partial<Record<ChangeState, number>> = {
  Succeeded: 0,
  Failed: 1,
  BackedOut: 3,
  Rejected: 4,
  Expired: 4,
  Voided: 4,
  Cancelled: 4,
};
const byState = new Map<string, number>(Object.entries(exitCodes));

/** The exit code of a change that has ended. One that ended in a way this version does not know did not succeed. */
export const exitCodeOf = (state: string): number => byState.get(state) ?? 1;

const titles = new Map<string, string>(Object.entries(roleNames));
const marks = new Map([
  ['pass', '✓'],
  ['warn', '!'],
  ['fail', '✗'],
]);

/** The plan as a log of a pipeline shows it: one sentence, checks, diff, steps, who signs. */
export function planLines(plan: PlanAnswer): string[] {
  const lines = plan.sentence === null ? [] : [plan.sentence];
  if (plan.prechecks.length > 0) lines.push('', 'Checks');
  for (const { result, title, detail } of plan.prechecks)
    lines.push(`  ${marks.get(result) ?? '?'} ${title}: ${detail}`);
  if (plan.plan === null) return lines;
  const { diff, steps, policy, staged, data } = plan.plan;
  if (staged !== undefined) {
    const order =
      staged.regions.length > 1 ? `first ${staged.regions.join(', then ')}` : staged.regions.join();
    lines.push('', `Strategy: ${strategyOf(staged.strategy)}, ${order}`, `Cost: ${staged.forecast.sentence}`);
  }
  if (data?.do === 'restore') lines.push('', 'What this costs', ...costOf(data));
  if (data === undefined)
    lines.push('', diff.length === 0 ? 'The dry run changes nothing.' : 'What the dry run changes');
  let last: string | undefined;
  for (const { object, path, before, after } of diff) {
    if (object !== undefined && object !== last) lines.push(`  ${object}`);
    last = object;
    lines.push(`  ${path}`);
    if (before !== null) lines.push(...marked('-', before));
    if (after !== null) lines.push(...marked('+', after));
  }
  lines.push('', 'Steps');
  for (const { n, title, usualSeconds } of steps)
    lines.push(
      `  ${n}. ${title}${usualSeconds === null ? '' : ` (usually ${formatDuration(usualSeconds)})`}`,
    );
  const signed = policy.signOffs.map((role) => titles.get(role) ?? role).join(', ') || 'nobody';
  const back = staged?.back.map(({ title }, index) => `  ${index + 1}. ${title}`) ?? [];
  return [
    ...lines,
    ...(back.length === 0 ? [] : ['', 'Way back', ...back]),
    '',
    `To be signed by: ${signed}`,
  ];
}

type DataAnswer = NonNullable<NonNullable<PlanAnswer['plan']>['data']>;

/** What a console that is newer tells otherwise is left out, never guessed. */
const costOf = ({ rows, sessions, safetyCopy }: DataAnswer): string[] => [
  ...(rows === undefined
    ? []
    : [
        `  Rows: ${rows.copy} in the copy, ${rows.now ?? 'not counted'} now, of ${rows.tables} tables. What is not in it is lost.`,
      ]),
  ...(sessions === undefined ? [] : [`  Sessions that are ended: ${sessions}`]),
  ...(safetyCopy === false ? ['  No safety copy is made before.'] : []),
];

const strategyNamesById = new Map<string, string>(Object.entries(strategyNames));
/** One of a newer console keeps its own name. */
const strategyOf = (id: string): string => strategyNamesById.get(id) ?? id;

const marked = (mark: string, text: string): string[] =>
  text.split('\n').map((line) => `    ${mark} ${line}`);

export const answered = ({ change, signOffs, next }: ChangeAnswer): string[] => [
  `${change.id}: ${change.title}`,
  `  asked for by ${change.requesterName}: ${change.reason}`,
  `  ${change.state}: ${change.outcome?.sentence ?? change.sentence}`,
  ...signOffs.map(
    ({ roleName, state, userName }) =>
      `  ${roleName}: ${userName === null ? state : `${state} by ${userName}`}`,
  ),
  ...(change.finishedAt === null ? [`  Next: ${next}`] : []),
];

/** What a command learned of a change, when it read that, and since when the console is away. */
export type Known = { answer: ChangeAnswer | null; readAt: Date | null; awaySince: Date | null };

export const goOnWith = (id: string): string => `Go on waiting: npx signalbox change wait ${id}`;

/** Nobody knows how the change ended: why, since when, what was known last, and how to learn the rest. */
export function unknownLines(id: string, { answer, readAt, awaySince }: Known, error: OpsError): string[] {
  const state = answer === null ? null : `${answer.change.state}. ${answer.change.sentence}`;
  return [
    `How ${id} stands is not known. ${error.message}`,
    ...(awaySince === null ? [] : [`  The console is away since ${clock(awaySince)}.`]),
    state === null || readAt === null
      ? '  It has not told this command how the change stands.'
      : `  Last known, at ${clock(readAt)}: ${state}`,
    '  The change was not touched by this; it goes on, or has ended.',
    ...(error.next === undefined ? [] : [`  ${error.next}`]),
    goOnWith(id),
  ];
}

const clock = (at: Date): string => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/**
 * What `--json` prints: one object, the same for a change that was asked for, shown or waited for. What was not told
 * is null; `asOf` says when the rest was read.
 */
export const resultOf = (
  { id, url, exitCode }: { id: string | null; url: string; exitCode: number },
  { answer, readAt, awaySince }: Known,
) => {
  const change = answer?.change;
  return {
    id: change?.id ?? id,
    url,
    state: change?.state ?? null,
    ended: change === undefined || exitCode === UNKNOWN ? null : change.finishedAt !== null,
    exitCode,
    title: change?.title ?? null,
    sentence: change?.outcome?.sentence ?? change?.sentence ?? null,
    planHash: change?.planHash ?? null,
    createdAt: change?.createdAt ?? null,
    finishedAt: change?.finishedAt ?? null,
    asOf: readAt?.toISOString() ?? null,
    awaySince: awaySince?.toISOString() ?? null,
  };
};
