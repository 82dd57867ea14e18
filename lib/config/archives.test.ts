import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { resolveFiles } from './files';
import { formatProblem } from './problem';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

/** The example with these archives. */
function read(archives: object | null) {
  const document = parseDocument(example);
  if (archives === null) document.deleteIn(['archives']);
  else document.setIn(['archives'], archives);
  return validateConfig(document.toString(), 'signalbox.yaml');
}

test('a folder is enough: the configuration is archived every hour and the log every night', () => {
  const { config } = read({ folder: 'archives' });
  expect(config?.archives).toEqual({
    folder: 'archives',
    configuration: { cron: '0 * * * *', timeZone: 'UTC', keep: 90 * 86_400 },
    audit: { cron: '0 1 * * *', timeZone: 'UTC' },
  });
  if (config === null) throw new Error('The example is not valid.');
  expect(resolveFiles(config, '/etc/signalbox').archives?.folder).toBe('/etc/signalbox/archives');
});

test('without the part nothing is archived', () => {
  const { config } = read(null);
  if (config === null) throw new Error('The example is not valid.');
  expect(config.archives).toBe(undefined);
  expect(resolveFiles(config, '/etc/signalbox').archives).toBe(undefined);
});

test.each([
  [{ folder: '/var/backups/fraiseql-us/' }, 'already holds the copies of fraiseql-us'],
  [{ folder: 'a', audit: { cron: '0 1 * *' } }, 'must be five fields'],
  [{ folder: 'a', audit: { keep: '30d' } }, 'keep'],
  [{ folder: 'a', configuration: { timeZone: 'Mars' } }, 'Mars'],
])('%j is refused where it stands', (archives, says) => {
  const { problems } = read(archives);
  expect(problems).toHaveLength(1);
  const [problem] = problems;
  if (problem === undefined) throw new Error('unreachable');
  expect(problem.path).toMatch(/^archives/);
  expect(formatProblem(problem)).toContain(says);
});
