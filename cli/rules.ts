import fs from 'node:fs';
import { loadConfig } from '@/lib/config/load';
import { env } from '@/lib/core/env';
import { messageOf, OpsError } from '@/lib/core/errors';
import { oldestPrometheus, readServer, ruleFile } from '@/lib/slo/rules/rule-file';
import { consoleUrl } from '@/lib/slo/rules/view';
import { type Command, readArguments } from './command';

const options = {
  slo: { type: 'string' },
  environment: { type: 'string' },
  source: { type: 'string' },
  prometheus: { type: 'string' },
  'enable-feature': { type: 'string', multiple: true },
  output: { type: 'string' },
} as const;

export const rules: Command = {
  summary:
    'Print Prometheus rules for the objectives: two recorded counts each, burn alerts, absent series. What cannot be a rule is named on stderr',
  usage:
    'signalbox rules [FILE] [--slo ID] [--environment NAME] [--source ID] [--prometheus 2.42|3.x] [--enable-feature native-histograms] [--output FILE]',
  run: async (args) => {
    const { positionals, values } = readArguments(args, rules.usage, options, [0, 1]);
    const server = readServer(values.prometheus ?? oldestPrometheus, values['enable-feature'] ?? []);
    const made = ruleFile(loadConfig(positionals[0] ?? env().SIGNALBOX_CONFIG), {
      slo: values.slo,
      environment: values.environment,
      source: values.source,
      server,
      baseUrl: consoleUrl(),
    });
    if (values.output === undefined) process.stdout.write(made.text);
    else writeWhole(values.output, made.text);
    for (const note of made.notes) console.error(note);
    for (const one of made.refused) console.error(`Not in the rules: ${one}`);
    return made.refused.length === 0 ? 0 : 1;
  },
};

/** A Prometheus that reloads meanwhile must not read half a file. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(draft, text);
    fs.renameSync(draft, file);
  } catch (cause) {
    fs.rmSync(draft, { force: true });
    throw new OpsError('unavailable', `The file ${file} cannot be written: ${messageOf(cause)}.`, { cause });
  }
}
