import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { resolveFiles } from './files';
import { formatProblem } from './problem';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

/** The example with this schedule for the copies of its first database. */
function read(schedule: object) {
  const document = parseDocument(example);
  document.setIn(['databases', 0, 'backup', 'schedule'], schedule);
  return validateConfig(document.toString(), 'signalbox.yaml');
}

test.each([
  [{ cron: '0 2 * *' }, 'must be five fields'],
  [{ cron: '0 2 30 2 *' }, 'never comes'],
  [{ cron: '61 2 * * *' }, 'invalid value for minute: 61'],
  [{ cron: '0 2 * * *', timeZone: 'Europe/Berlyn' }, 'the nearest name is Europe/Berlin'],
])('a schedule of %j is refused where it stands', (schedule, says) => {
  const { problems } = read(schedule);
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  if (problem === undefined) throw new Error('unreachable');
  expect(problem.path).toMatch(/^databases\[0\]\.backup\.schedule\.(cron|timeZone)$/);
  expect(formatProblem(problem)).toContain(says);
});

test('a schedule has a zone, and folders start at that of the file', () => {
  const { config } = read({ cron: '0 2 * * *' });
  if (config === null) throw new Error('The example is not valid.');
  const given = { ...config, backups: { ...config.backups, tools: 'bin' } };
  const resolved = resolveFiles(given, '/etc/signalbox');
  expect(resolved.databases[0]?.backup?.schedule).toEqual({ cron: '0 2 * * *', timeZone: 'UTC' });
  expect(resolved.backups.tools).toBe('/etc/signalbox/bin');
  expect(resolved.databases[0]?.backup?.url).toEqual({
    file: '/etc/signalbox/secrets/fraiseql-us-backup.url',
  });
  expect(resolved.databases[0]?.restore).toEqual({
    url: { file: '/etc/signalbox/secrets/fraiseql-us-restore.url' },
    watch: 15 * 60,
    keep: 7 * 86_400,
  });
});
