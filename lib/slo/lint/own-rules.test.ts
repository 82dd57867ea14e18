import path from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '@/lib/config/load';
import { oldestPrometheus, readServer, ruleFile } from '@/lib/slo/rules/rule-file';
import { lintRules } from './lint';

test.each([
  [oldestPrometheus, []],
  ['3.8', ['native-histograms']],
])('the rules that objectives are made into for Prometheus %s have no findings', (version, features) => {
  const config = loadConfig(path.resolve(import.meta.dirname, '../../../signalbox.example.yaml'));
  const { text } = ruleFile(config, { server: readServer(version, features), baseUrl: null });
  const { findings, rules } = lintRules([{ file: 'slo.rules.yaml', text }]);
  expect(findings).toEqual([]);
  expect(rules).toBeGreaterThan(20);
});
