import fs from 'node:fs';
import { isOpsError, messageOf, OpsError } from '@/lib/core/errors';
import { type Linted, lintRules } from '@/lib/slo/lint/lint';
import type { RuleText } from '@/lib/slo/lint/read-rules';
import { reportText, summaryText } from '@/lib/slo/lint/report';
import { readSeriesBook } from '@/lib/slo/lint/series-book';
import { type Command, readArguments } from './command';

const options = {
  json: { type: 'boolean' },
  'sli-table': { type: 'boolean' },
  alertmanager: { type: 'string' },
  metrics: { type: 'string', multiple: true },
} as const;

/** More than any rule file that people read; what is larger is another kind of file. */
const LARGEST_BYTES = 32 * 1024 * 1024;

export const rulesLint: Command = {
  summary: 'Find common mistakes in Prometheus rule files, with their place and the corrected expression',
  usage: 'signalbox rules lint FILE... [--alertmanager FILE] [--metrics FILE]... [--sli-table] [--json]',
  run: async (args) => {
    const { positionals, values } = readArguments(args, rulesLint.usage, options, [
      1,
      Number.POSITIVE_INFINITY,
    ]);
    let linted: Linted;
    try {
      const series = readSeriesBook((values.metrics ?? []).map((file) => readText(file).text));
      linted = lintRules(positionals.map(readText), {
        series,
        sliTable: values['sli-table'] ?? false,
        ...(values.alertmanager === undefined ? {} : { alertmanager: readText(values.alertmanager) }),
      });
    } catch (error) {
      if (!isOpsError(error)) throw error;
      console.error([error.message, error.next].filter(Boolean).join('\n'));
      return 2;
    }
    const { findings, rules } = linted;
    if (values.json === true) console.log(JSON.stringify({ rules, findings }, null, 2));
    else {
      if (findings.length > 0) console.log(reportText(findings));
      console.log(summaryText(rules, positionals.length, findings));
    }
    return findings.some((one) => one.severity === 'error') ? 1 : 0;
  },
};

function readText(file: string): RuleText {
  try {
    if (fs.statSync(file).size > LARGEST_BYTES)
      throw new OpsError('invalid', `${file} is larger than 32 MiB, which no rule file is.`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file));
    return { file, text };
  } catch (cause) {
    if (isOpsError(cause)) throw cause;
    const reason = cause instanceof TypeError ? 'it is no UTF-8 text' : messageOf(cause);
    throw new OpsError('unavailable', `The file ${file} cannot be read: ${reason}.`, { cause });
  }
}
