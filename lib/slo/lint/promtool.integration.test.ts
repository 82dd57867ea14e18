import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monitoringPrograms } from '@/scripts/binaries/monitoring';
import { run } from '@/scripts/process/run';
import { asRuleFile } from './guides/guide';
import { lintRules } from './lint';
import { badDays } from './testing/bad-days';
import { mistakes } from './testing/mistakes';
import { readAllGuides } from './testing/read-guides';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-lint-'));
let promtool = '';
beforeAll(async () => {
  promtool = (await monitoringPrograms()).promtool;
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

async function check(name: string, text: string): Promise<{ code: number | null; output: string }> {
  const file = path.join(folder, `${name}.yaml`);
  fs.writeFileSync(file, text);
  return run(promtool, ['check', 'rules', file], { timeoutMs: 60_000 });
}

test.each(readAllGuides().map((guide) => [guide.guide, guide] as const))(
  'promtool accepts every corrected rule of guide %s',
  async (name, guide) => {
    const text = asRuleFile(
      `guide-${name}`,
      guide.rules.map((rule) => rule.corrected),
    );
    const { code, output } = await check(name, text);
    expect([code, output]).toEqual([0, expect.stringContaining(`${guide.rules.length} rules found`)]);
  },
);

test('promtool accepts the rules that are taken for well written', async () => {
  const text = fs.readFileSync(path.join(import.meta.dirname, './testing/well-written.yaml'), 'utf8');
  expect((await check('well-written', text)).output).toMatch(/SUCCESS: \d+ rules found/);
});

test('promtool accepts every expression that the linter corrects', async () => {
  const originals = readAllGuides().flatMap((guide) => guide.rules.map((rule) => rule.original));
  const files = [
    asRuleFile('guides', originals),
    ...mistakes.map(({ expr }, index) =>
      asRuleFile(`mistake-${index}`, [`alert: Mistake${index}\nexpr: ${JSON.stringify(expr)}\n`]),
    ),
  ];
  const exprs = files.flatMap((text) =>
    lintRules([{ file: 'rules.yaml', text }]).findings.flatMap(({ corrected }) => [
      ...(corrected?.expr === undefined ? [] : [corrected.expr]),
      ...(corrected?.alternatives ?? []).map((one) => one.expr),
    ]),
  );
  const all = [...new Set(exprs)];
  expect(all.length).toBeGreaterThan(40);
  const rules = all.map((expr, index) => `record: corrected_${index}\nexpr: ${JSON.stringify(expr)}\n`);
  const { code, output } = await check('corrected', asRuleFile('corrected', rules));
  expect([code, output]).toEqual([0, expect.stringContaining(`${all.length} rules found`)]);
});

test('promtool accepts a rule of the other dialect once it is converted', async () => {
  const dialect = readAllGuides().find((guide) => guide.guide === '003');
  const text = asRuleFile('dialect', dialect?.rules.map((rule) => rule.original) ?? []);
  const refused = await check('dialect', text);
  expect(refused.code).not.toBe(0);
  const converted = lintRules([{ file: 'rules.yaml', text }]).findings.flatMap(
    (one) => one.corrected?.rule ?? [],
  );
  const rules = converted.map((rule) => rule.replace(/^- /, '').replaceAll(/^ {2}/gm, ''));
  const accepted = await check('converted', asRuleFile('converted', rules));
  expect([accepted.code, accepted.output]).toEqual([0, expect.stringContaining('6 rules found')]);
});

test('in Prometheus itself the corrected rule fires when it should, and the original does not do what it says', async () => {
  const tests = badDays.map(({ name, expr, series, fires }) => {
    const text = asRuleFile('bad-day', [`record: bad_day\nexpr: ${JSON.stringify(expr)}\n`]);
    const corrected = lintRules([{ file: 'rules.yaml', text }]).findings[0]?.corrected?.expr;
    if (corrected === undefined) throw new Error(`${name}: nothing is corrected`);
    const sees = (asked: string, expected: boolean) => ({
      expr: `count(${asked})`,
      eval_time: '60m',
      exp_samples: expected ? [{ labels: '{}', value: 1 }] : [],
    });
    return {
      name,
      interval: '1m',
      input_series: Object.entries(series).map(([one, values]) => ({
        series: one.includes('{') ? one.replace('{', '{job="j", ') : `${one}{job="j"}`,
        values,
      })),
      promql_expr_test: [sees(expr, fires.original), sees(corrected, fires.corrected)],
    };
  });
  const file = path.join(folder, 'bad-days.yaml');
  // JSON is YAML.
  fs.writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '1m', tests }));
  const { code, output } = await run(promtool, ['test', 'rules', file], { timeoutMs: 60_000 });
  expect([code, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  expect(tests.length).toBeGreaterThan(15);
});
