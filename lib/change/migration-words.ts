import type { MigrationClass } from './staged/contract';
import type { StagedPlan } from './staged/staged-plan';

/** What each class says of the way back, for those who choose one and those who sign it (change-engine.md 6.4). */
export const migrationWords: Record<MigrationClass, string> = {
  reversible: 'The version before works with the new schema too: the change may go back by itself.',
  'forward-only': 'Past it only a person sends the requests back to the version before.',
  destructive:
    'Data is lost to the version before. Past it only a person goes back; if it fails, the change waits for a repair by hand.',
};

/** What an abort leaves of the migration of a plan, as far as it has come; null: it has none, or it has not begun. */
export function abortedMigration(
  { staged, undo }: StagedPlan,
  steps: readonly { n: number; state: string }[],
): string | null {
  const index = staged.steps.findIndex(({ do: kind }) => kind === 'job');
  const step = staged.steps[index];
  if (step?.do !== 'job') return null;
  switch (steps.find(({ n }) => n === index + 1)?.state) {
    case 'running':
      return 'A migration that was let run is not stopped: it ends by itself, and nothing undoes it. One that was not never runs.';
    case 'done':
      return `The ${step.class} migration is complete and is not undone: ${undo.version} has to work with the new schema.`;
    default:
      return null;
  }
}
