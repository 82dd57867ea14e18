import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { monitoringPrograms } from '@/scripts/binaries/monitoring';

/** A series by its name and labels, and a value for each scrape; null is a scrape that did not see it. */
export type Fed = { series: string; values: readonly (number | null)[] };
/** The alerts of a name that fire at a second: `pair region` or what else tells them apart. */
export type Asked = { at: number; expr: string; samples: { labels: string; value: number }[] };
export type ToldAlert = { at: number; alertname: string; labels: object; annotations: object };
export type Played = { name: string; fed: Fed[]; asked: Asked[]; told?: ToldAlert[] };

export type Ran = { code: number; output: string };

/** Scrapes and evaluations of the plays, in seconds. */
export const scrapeSeconds = 30;

async function promtool(files: Record<string, string>, args: readonly string[]): Promise<Ran> {
  const program = (await monitoringPrograms()).promtool;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rules-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    return await new Promise((resolve) => {
      execFile(program, [...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : 1, output: `${stdout}${stderr}` }),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `promtool check rules` over all of them at once; duplicates are errors. */
export function checkRules(texts: readonly string[]): Promise<Ran> {
  const files = Object.fromEntries(texts.map((text, index) => [`${index}.yml`, text]));
  return promtool(files, ['check', 'rules', '--lint=all', '--lint-fatal', ...Object.keys(files)]);
}

/** `promtool test rules`: feeds series to the rules and asks what they then say. */
export function testRules(rules: string, plays: readonly Played[], every = '30s'): Promise<Ran> {
  const tests = {
    rule_files: ['rules.yml'],
    evaluation_interval: every,
    // Otherwise promtool takes them in any order, and tickets know a sample more or less.
    group_eval_order: [...rules.matchAll(/^ *(?:- )?name: (.+)$/gm)].map(([, name]) => name),
    tests: plays.map(({ name, fed, asked, told = [] }) => ({
      name,
      interval: `${scrapeSeconds}s`,
      input_series: fed.map(({ series, values }) => ({
        series,
        values: values.map((value) => (value === null ? '_' : String(value))).join(' '),
      })),
      promql_expr_test: asked.map(({ at, expr, samples }) => ({
        expr,
        eval_time: `${at}s`,
        exp_samples: samples,
      })),
      alert_rule_test: told.map(({ at, alertname, labels, annotations }) => ({
        eval_time: `${at}s`,
        alertname,
        exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }],
      })),
    })),
  };
  return promtool({ 'rules.yml': rules, 'tests.yml': stringify(tests, { lineWidth: 0 }) }, [
    'test',
    'rules',
    'tests.yml',
  ]);
}

/** The values of a counter that rises by so much at each scrape, from 0 on. */
export function counter(rises: readonly number[]): number[] {
  let value = 0;
  return [0, ...rises].map((rise) => {
    value += rise;
    return value;
  });
}

/** So many times the same. */
export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
