import { program } from '@/scripts/setup/program';
import { machine } from './machine';
import { parseBenchOptions, usage } from './options';
import { type Measured, missed, type Sheet } from './sheet';
import { asTable } from './table';

export type BenchRun<Name extends string> = {
  wanted: ReadonlySet<Name>;
  /** Tells a person how far it is; on standard error. */
  progress: (line: string) => void;
  /** Aborted by Ctrl-C and SIGTERM: what was started is to be stopped. */
  signal: AbortSignal;
};

/**
 * The command line of a benchmark: reads the options, measures, and prints the figures as a table or as JSON. With
 * `mustMeet` it ends with 1 when a figure that was measured misses its goal, or one that was wanted is missing.
 */
export const runBench = <Name extends string>(
  bench: string,
  sheet: Sheet<Name>,
  measure: (run: BenchRun<Name>) => Promise<Measured<Name>>,
  { mustMeet = false }: { mustMeet?: boolean } = {},
): Promise<never> =>
  program(async (args) => {
    if (args.includes('--help')) {
      console.log(usage(bench, sheet));
      return 0;
    }
    const { json, wanted } = parseBenchOptions(bench, sheet, args);
    const progress = (line: string) => process.stderr.write(`${line}\n`);
    const stop = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
    const at = machine();
    const measured = await measure({ wanted, progress, signal: stop.signal });
    console.log(json ? JSON.stringify(sheet.asJson(measured), null, 2) : asTable(sheet, measured, at));
    return mustMeet && missed(sheet, measured, wanted).length > 0 ? 1 : 0;
  });
