import fs from 'node:fs';
import { stringify } from 'yaml';
import { loadConfig } from '@/lib/config/load';
import { env } from '@/lib/core/env';
import { messageOf, OpsError } from '@/lib/core/errors';
import { exportSlos } from '@/lib/slo/define/openslo-export';
import { importOpenSlo, slosBlock } from '@/lib/slo/define/openslo-import';
import { type Command, readArguments } from './command';

const options = { environment: { type: 'string' } } as const;

export const sloExport: Command = {
  summary: 'Print the objectives of a configuration as OpenSLO v1 documents',
  usage: 'signalbox slo export [FILE] [--environment NAME]',
  run: async (args) => {
    const { positionals, values } = readArguments(args, sloExport.usage, options, [0, 1]);
    const config = loadConfig(positionals[0] ?? env().SIGNALBOX_CONFIG);
    const { text, notes } = exportSlos(config, nameOf(values.environment));
    process.stdout.write(text);
    for (const note of notes) console.error(note);
    return 0;
  },
};

export const sloImport: Command = {
  summary: 'Print the slos block of signalbox.yaml for OpenSLO v1 documents, and what has no place in it',
  usage: 'signalbox slo import FILE [--environment NAME]',
  run: async (args) => {
    const { positionals, values } = readArguments(args, sloImport.usage, options, 1);
    const { slos, notTaken } = importOpenSlo(readText(positionals[0] ?? ''), {
      environment: nameOf(values.environment),
    });
    process.stdout.write(stringify(slosBlock(slos), { lineWidth: 0 }));
    for (const { object, says } of notTaken) console.error(`${object}: ${says}`);
    const refused = notTaken.filter((one) => one.refused).length;
    if (refused > 0) console.error(`${refused} not taken over.`);
    return refused === 0 ? 0 : 1;
  },
};

const nameOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OpsError('unavailable', `The file ${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
