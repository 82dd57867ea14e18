import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintRules } from '../lint';
import { readSeriesBook } from '../series-book';
import { readAllGuides } from '../testing/read-guides';
import { asRuleFile, type Guide } from './guide';
import { guidePage } from './page';

const guides = readAllGuides();
const rules = guides.flatMap((guide) => guide.rules);

const lint = (guide: Guide, texts: readonly string[]) =>
  lintRules([{ file: 'rules.yaml', text: asRuleFile('guide', texts) }], {
    series: readSeriesBook([guide.series]),
    sliTable: guide.sliTable,
    ...(guide.alertmanager === undefined
      ? {}
      : { alertmanager: { file: 'alertmanager.yaml', text: guide.alertmanager } }),
  }).findings;

test('all 26 rules are here, each once', () => {
  expect(rules.map((rule) => rule.id)).toEqual(
    Array.from({ length: 26 }, (_, index) => `ALT-${String(index + 1).padStart(2, '0')}`),
  );
});

describe.each(guides.map((guide) => [guide.guide, guide] as const))('guide %s', (_, guide) => {
  const originals = guide.rules.map((rule) => rule.original);
  const found = lint(guide, originals);
  const starts = asRuleFile('guide', originals)
    .split('\n')
    .flatMap((line, index) => (line.startsWith('      - ') ? [index + 1] : []));

  test.each(guide.rules.map((rule, index) => [rule.id, rule, index] as const))(
    '%s: the original has exactly these findings, at its own lines',
    (__, rule, index) => {
      const [from = 0, to = Number.POSITIVE_INFINITY] = [starts[index], starts[index + 1]];
      const own = found.filter(({ file, line }) => file === 'rules.yaml' && line >= from && line < to);
      expect(own.map((one) => one.id).toSorted()).toEqual(rule.findings.toSorted());
    },
  );

  test('the routes are found that no original can reach', () => {
    expect(found.filter((one) => one.file === 'alertmanager.yaml').map((one) => one.id)).toEqual(
      guide.routes,
    );
  });

  test('the corrected rules have no findings', () => {
    expect(
      lint(
        guide,
        guide.rules.map((rule) => rule.corrected),
      ),
    ).toEqual([]);
  });

  test.each(guide.rules.map((rule) => [rule.id, rule] as const))(
    '%s: alone, the correction has none',
    (__, rule) => {
      const own = lint(guide, [rule.corrected]);
      // Alone, a warning reaches no route for what is critical.
      expect(own.filter((one) => one.file === 'rules.yaml')).toEqual([]);
    },
  );

  test('what needs no correction is left alone, and only that', () => {
    for (const rule of guide.rules)
      expect(rule.original === rule.corrected, rule.id).toBe(rule.findings.length === 0);
  });
});

test('the page of documentation shows them all', async () => {
  const page = path.resolve(import.meta.dirname, '../../../../docs/guide-rules.md');
  expect(fs.existsSync(page)).toBe(true);
  await expect(guidePage(guides)).toMatchFileSnapshot(page);
});
