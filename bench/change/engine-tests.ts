import { run } from '@/scripts/process/run';
import { costOf, costText } from '../report/cost';

/** One after the other, as `npm test` runs them; the thousands of schedules have a command of their own. */
const projects = ['unit', 'integration'] as const;

/** Minutes that the engine's own tests take. Throws when one of them fails: a short run would be no figure. */
export async function engineTestMinutes(progress: (line: string) => void): Promise<number> {
  let seconds = 0;
  for (const project of projects) {
    const cost = await costOf(() =>
      run('node_modules/.bin/vitest', ['run', '--project', project, 'lib/change', 'worker/']),
    );
    const { code, output } = cost.result;
    if (code !== 0) throw new Error(`The engine's tests fail:\n${output.slice(-4000)}`);
    progress(`The engine's tests, ${project}: ${costText(cost)}.`);
    seconds += cost.seconds;
  }
  return seconds / 60;
}
