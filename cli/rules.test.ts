import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { rules } from './rules';

const example = path.resolve(import.meta.dirname, '../signalbox.example.yaml');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-'));

afterAll(() => fs.rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs the command and gives what it printed. */
async function run(...args: string[]) {
  const said = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.out += String(text);
    return true;
  });
  vi.spyOn(console, 'error').mockImplementation((line) => {
    said.err += `${line}\n`;
  });
  const code = await rules.run(args);
  return { code, ...said };
}

const groupsOf = (text: string): string[] => parse(text).groups.map(({ name }: { name: string }) => name);

test('the rules of a configuration are printed, or those of one objective in one environment', async () => {
  const all = await run(example);
  expect(all.code).toBe(0);
  expect(groupsOf(all.out)).toHaveLength(8);
  expect(all.err).toContain('fraiseql-api-latency in production: The rule guide-1h is left out');
  const one = await run(example, '--slo', 'fraiseql-api-latency', '--environment', 'staging');
  expect(groupsOf(one.out)).toEqual([
    'signalbox:fraiseql-api-latency:staging',
    'signalbox:fraiseql-api-latency:staging:tickets',
  ]);
});

test('the rules are written into a file, whole', async () => {
  const file = path.join(folder, 'slo.rules.yaml');
  const written = await run(example, '--prometheus', '3.x', '--output', file);
  expect([written.code, written.out]).toEqual([0, '']);
  expect(fs.readFileSync(file, 'utf8')).toContain('# For Prometheus 3.0 and newer.');
  expect(fs.readdirSync(folder)).toEqual(['slo.rules.yaml']);
  await expect(run(example, '--output', path.join(folder, 'nowhere', 'x.yaml'))).rejects.toThrow(
    'cannot be written',
  );
});

test('what cannot be a rule is named and exits with 1; names and versions that do not exist are refused', async () => {
  const text = fs.readFileSync(example, 'utf8');
  const file = path.join(folder, 'signalbox.yaml');
  fs.writeFileSync(
    file,
    text.replace(
      'indicator: { kind: latency, below: 300ms }',
      'indicator: { kind: latency-native, histogram: { metric: wait_seconds }, below: 300ms }',
    ),
  );
  const refused = await run(file);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(
    'Not in the rules: fraiseql-api-latency in production: it counts a native histogram.',
  );
  expect(groupsOf(refused.out)).toHaveLength(4);
  expect((await run(file, '--enable-feature', 'native-histograms')).code).toBe(0);
  await expect(run(example, '--slo', 'nothing')).rejects.toThrow('There is no objective "nothing".');
  await expect(run(example, '--prometheus', '1.8')).rejects.toThrow('2.42 or newer');
  await expect(run(example, 'another')).rejects.toThrow('Expected 0 to 1 argument');
});
