import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { bundledProgram } from '@/scripts/testing/program';

const root = path.resolve(import.meta.dirname, '..');
const installed = bundledProgram('cli/main.ts');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-rules-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

type Ran = { code: number | null; out: string; err: string };
const lint = (...args: string[]): Promise<Ran> => start(installed(), args);
/** As a clone has it: its sources, through the file that people start. */
const lintOfClone = (...args: string[]): Promise<Ran> => start([path.join(root, 'bin/signalbox.mjs')], args);

const start = (program: string[], args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...program, 'rules', 'lint', ...args], { cwd: folder });
    const ran: Ran = { code: null, out: '', err: '' };
    child.stdout.on('data', (part) => {
      ran.out += part;
    });
    child.stderr.on('data', (part) => {
      ran.err += part;
    });
    child.on('close', (code) => resolve({ ...ran, code }));
  });

const write = (name: string, text: string): string => {
  fs.writeFileSync(path.join(folder, name), text);
  return name;
};
const group = (...rules: string[]): string => `groups:\n  - name: g\n    rules:\n${rules.join('')}`;

const wrong = write(
  'wrong.yaml',
  group(
    '      - alert: Fails\n        expr: |\n          rate(a_total{status=~"5.."}[5m])\n            > 0.05\n        annotations:\n          severity: critical\n',
  ),
);
const good = write(
  'good.yaml',
  group('      - { alert: Down, expr: up == 0, labels: { severity: critical } }\n'),
);
const warned = write('warned.yaml', group('      - { alert: Down, expr: up == 0 }\n'));
const queue = write('queue.yaml', group('      - { record: r, expr: "rate(a_held[5m]) + a_gone" }\n'));
const metrics = write('metrics.txt', '# TYPE a_held gauge\na_held 3\n');
const alertmanager = write(
  'alertmanager.yaml',
  'route:\n  receiver: a\n  routes:\n    - matchers: [ severity="page" ]\n      receiver: b\n',
);

test('findings are printed with place, reason and correction, and an error is exit code 1', async () => {
  const { code, out, err } = await lint(good, wrong);
  expect([code, err]).toEqual([1, '']);
  expect(
    out,
  ).toBe(`wrong.yaml:6:11  X-01  error  Fails: rate() is failures per second, and 0.05 is a share of requests: the two cannot be compared.
    It trips at one failure every 20 s, however many requests there are, and for each series apart. The share is failures divided by requests, both summed over the same labels; below 20 requests in the window a single failure would pass it.
    Corrected:
      expr: |-
        sum by (job) (rate(a_total{status=~"5.."}[5m]))
          / sum by (job) (rate(a_total[5m])) > 0.05
        and sum by (job) (increase(a_total[5m])) >= 20

wrong.yaml:9:11  X-37  error  Fails: severity stands under annotations: no route can see it.
    Alertmanager's routes match labels; annotations are text for people.
    Corrected:
      labels:
        severity: critical
      # and no annotation severity

2 rules in 2 files: 2 errors, 0 warnings, 0 remarks.
`);
});

test('what is right, or only a warning, is exit code 0', async () => {
  expect(await lintOfClone(good)).toEqual({
    code: 0,
    out: '1 rule in 1 file: nothing to object to.\n',
    err: '',
  });
  const { code, out } = await lint(warned);
  expect([code, out]).toEqual([
    0,
    expect.stringContaining('1 rule in 1 file: 0 errors, 1 warning, 0 remarks.'),
  ]);
});

test('--json says the same to programs; --metrics and --alertmanager know more', async () => {
  const { code, out } = await lint(
    good,
    queue,
    '--json',
    '--metrics',
    metrics,
    '--alertmanager',
    alertmanager,
  );
  const said = z
    .object({
      rules: z.number(),
      findings: z.array(
        z.object({ id: z.string(), file: z.string(), line: z.number(), corrected: z.unknown() }),
      ),
    })
    .parse(JSON.parse(out));
  expect([code, said.rules]).toEqual([1, 2]);
  expect(said.findings.map(({ id, file, line }) => [id, file, line])).toEqual([
    ['X-03', 'queue.yaml', 4],
    ['X-24', 'queue.yaml', 4],
    ['X-37', 'alertmanager.yaml', 4],
  ]);
  expect(said.findings[0]?.corrected).toEqual({ expr: 'deriv(a_held[5m]) + a_gone' });
  expect((await lint(good, queue)).code).toBe(0);
});

test('what cannot be read is a sentence with its place, and exit code 2', async () => {
  fs.writeFileSync(path.join(folder, 'binary.yaml'), Buffer.from([0x80, 0xff, 0xfe]));
  const broken = write('broken.yaml', 'groups:\n  - name: [\n');
  for (const [args, says] of [
    [[good, broken], /^broken\.yaml:\d+:\d+: not valid YAML: [^\n]+\.\n$/],
    [[write('other.yaml', 'a: 1\n')], /^other\.yaml:1:1: no rule file: [^\n]+\.\n$/],
    [['nowhere.yaml'], /^The file nowhere\.yaml cannot be read: ENOENT[^\n]+\.\n$/],
    [['binary.yaml'], /^The file binary\.yaml cannot be read: it is no UTF-8 text\.\n$/],
    [[good, '--alertmanager', broken], /^broken\.yaml:\d+:\d+: not valid YAML/],
    [[], /^Expected 1 or more arguments\.\nUsage: signalbox rules lint FILE\.\.\./],
    [[good, '--fix'], /--fix/],
  ] as const) {
    const { code, out, err } = await lint(...args);
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(says)]);
    expect(err).not.toMatch(/^\s+at /m);
  }
});
