import { run } from '@/scripts/process/run';
import { costOf, costText } from '../report/cost';

/** As `npm test` runs them; the thousands of schedules have a command of their own. */
const projects = ['--project', 'unit', '--project', 'integration'];

/** Minutes that the engine's own tests take. Throws when one of them fails: a short run would be no figure. */
export async function engineTestMinutes(progress: (line: string) => void): Promise<number> {
  const cost = await costOf(() =>
    run('node_modules/.bin/vitest', ['run', ...projects, 'lib/change', 'worker/']),
  );
  const { code, output } = cost.result;
  if (code !== 0) throw new Error(`The engine's tests fail:\n${output.slice(-4000)}`);
  progress(`The engine's tests: ${costText(cost)}.`);
  return cost.seconds / 60;
}
