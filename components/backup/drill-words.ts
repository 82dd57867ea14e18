import { formatBytes } from '@/components/ui/number-text';
import type { Tone } from '@/components/ui/state';
import type {
  DrillChoice,
  DrillsView,
  DrillView,
  PhaseView,
  RecoveryTime,
} from '@/lib/backup/drill/contract';
import type { DrillPhase, DrillState } from '@/lib/backup/drill/model';
import { tookWords } from '@/lib/backup/drill/words';
import { dateTimeText } from '@/lib/slo/report/words';
import { levelText } from './words';

export const timeTone: Record<RecoveryTime['state'], Tone> = {
  within: 'ok',
  over: 'warn',
  unknown: 'unknown',
};

export const phaseWord: Record<DrillPhase, string> = {
  fetch: 'Fetch',
  create: 'Create',
  load: 'Load',
  index: 'Index',
  checks: 'Checks',
  drop: 'Drop',
};

export const phasesText = (phases: readonly PhaseView[]): string =>
  phases.map(({ phase, seconds }) => `${phaseWord[phase].toLowerCase()} ${tookWords(seconds)}`).join(', ');

const drillTone: Record<DrillState, Tone> = {
  wanted: 'info',
  running: 'info',
  done: 'ok',
  failed: 'crit',
  cancelled: 'unknown',
};

/** How a drill stands: what it does, or what came of it. */
export function drillState({ state, phase, seconds }: DrillView): { tone: Tone; word: string } {
  const tone = drillTone[state];
  switch (state) {
    case 'wanted':
      return { tone, word: 'Waits for a worker' };
    case 'running':
      return { tone, word: phase === null ? 'Begins' : `${phaseWord[phase]} …` };
    case 'done':
      return { tone, word: `Passed in ${tookWords(seconds)}` };
    case 'failed':
      return {
        tone,
        word: phase === null ? 'Failed before it began' : `Failed in ${phaseWord[phase].toLowerCase()}`,
      };
    case 'cancelled':
      return { tone, word: 'Cancelled' };
  }
}

/** A copy in a list to choose from. */
export const choiceText = ({ snapshotAt, level, bytes }: DrillChoice): string =>
  `${dateTimeText('UTC', Date.parse(snapshotAt) / 1000)} UTC, ${levelText(level)}, ${formatBytes(bytes)}`;

/** What the first line of the page says of drills; empty when none failed. */
export function drillParts(views: readonly DrillsView[]): string[] {
  const failed = views.filter(({ last }) => last?.state === 'failed').length;
  if (failed === 0) return [];
  return [`the last drill of ${failed === 1 ? '1 database' : `${failed} databases`} failed`];
}
