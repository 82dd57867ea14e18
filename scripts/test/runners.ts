import fs from 'node:fs';
import path from 'node:path';
import { chromium } from '../binaries/chromium';
import { buildAll } from '../build/build';
import { run } from '../process/run';
import { filesBelow } from '../setup/hash';
import { repositoryRoot, stateRoot } from '../setup/root';
import { describeError, UserError } from '../setup/user-error';
import { type Counts, countPlaywright, countVitest } from './counts';

const bin = (name: string) => path.join(repositoryRoot, 'node_modules/.bin', name);
const reports = path.join(stateRoot, 'test', 'reports');
/** Each test file is a process: what one of them has compiled of the packages, the next one reads. */
const compiled = { NODE_COMPILE_CACHE: path.join(stateRoot, 'cache', 'compiled') };
const FOLDERS = ['app', 'components', 'lib', 'worker', 'cli', 'sandbox', 'scripts', 'bench', 'e2e'];

const one = (problem?: string): Counts => ({
  passed: problem === undefined ? 1 : 0,
  failed: problem === undefined ? 0 : 1,
  failures: problem === undefined ? [] : [problem],
  secondAttempts: [],
  files: [],
});

/** One test: the commands end well. */
async function commands(...all: [string, ...string[]][]): Promise<Counts> {
  for (const [command, ...args] of all) {
    const { code, output } = await run(bin(command), args, {
      env: { NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' },
    });
    if (code !== 0) return one(output.trim());
  }
  return one();
}

const structure = () => {
  const folders = FOLDERS.filter((folder) => fs.existsSync(path.join(repositoryRoot, folder)));
  return commands(['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...folders]);
};

/** Runs vitest projects and counts their JSON report; `more` are options and parts of file names. */
async function vitest(
  projects: readonly [string, ...string[]],
  more: string[] = [],
  env: Record<string, string> = {},
): Promise<Counts> {
  const file = reportFile(`${projects[0]}${Object.values(env).join('-')}`);
  const chosen = projects.flatMap((project) => ['--project', project]);
  const args = ['run', ...chosen, '--reporter=json', `--outputFile=${file}`, ...more];
  const { output } = await run(bin('vitest'), args, { env: { NO_COLOR: '1', ...compiled, ...env } });
  return counted(file, output, (json) => countVitest(json, repositoryRoot));
}

/** The integration tests that work on a database, on the oldest PostgreSQL that is supported. */
async function integrationOn15(): Promise<Counts> {
  // Commands and copies mostly start programs, whatever PostgreSQL the console has.
  const startsPrograms = /^cli\/|^lib\/backup\/(?:(?:ladder|make-copy)\.|drill\/)/;
  const usesDatabase = (file: string) =>
    file.endsWith('.integration.test.ts') &&
    !startsPrograms.test(file) &&
    fs.readFileSync(path.join(repositoryRoot, file), 'utf8').includes('testing/database');
  // One at a time: the other integration tests run beside them.
  const more = ['--maxWorkers=1', ...filesBelow(FOLDERS).filter(usesDatabase)];
  return vitest(['integration'], more, { SIGNALBOX_TEST_POSTGRES: '15' });
}

async function build(): Promise<Counts> {
  try {
    await buildAll();
    return one();
  } catch (error) {
    return one(describeError(error));
  }
}

/** The journeys in a real Chromium against the production build. */
async function endToEnd(): Promise<Counts> {
  const executable = await chromium(() => console.log('Installing Chromium …'));
  const file = reportFile('e2e');
  const { output } = await run(bin('playwright'), ['test', '--reporter=json'], {
    env: { NO_COLOR: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: file, SIGNALBOX_CHROMIUM: executable },
  });
  return counted(file, output, countPlaywright);
}

function reportFile(name: string): string {
  fs.mkdirSync(reports, { recursive: true });
  const file = path.join(reports, `${name}.json`);
  fs.rmSync(file, { force: true });
  return file;
}

function counted(file: string, output: string, count: (json: string) => Counts): Counts {
  if (!fs.existsSync(file))
    return one(`It ended without a report. What it printed:\n${output.slice(-4_000).trim()}`);
  // What replays captured traffic says how many of how many: that is a result, not noise.
  for (const line of output.split('\n')) if (/replayed \d+/.test(line)) console.log(line.trim());
  const counts = count(fs.readFileSync(file, 'utf8'));
  return counts.failed > 0
    ? { ...counts, failures: [...counts.failures, output.slice(-2_000).trim()] }
    : counts;
}

/** All runners in the order in which they are reported. */
export const runners = {
  format: () => commands(['biome', 'format', '.']),
  lint: () => commands(['biome', 'check', '--formatter-enabled=false', '--error-on-warnings', '.']),
  types: () => commands(['next', 'typegen'], ['tsc', '--noEmit', '-p', '.']),
  structure,
  unit: () => vitest(['unit', 'components']),
  integration: () => vitest(['integration']),
  'integration on PostgreSQL 15': integrationOn15,
  build,
  e2e: endToEnd,
} as const;
export type Runner = keyof typeof runners;

/**
 * What runs beside what: integration tests mostly wait, so that the second database and then the build, which the
 * journeys need, fit beside them. The lanes of one turn run beside one another, the runners of a lane in order.
 */
export const turns = [
  [['format', 'lint', 'structure'], ['types']],
  [['unit']],
  [['integration'], ['integration on PostgreSQL 15', 'build']],
  [['e2e']],
] as const satisfies readonly (readonly (readonly Runner[])[])[];

export const isRunner = (name: string): name is Runner => name in runners;
export const quickRunners = [
  'format',
  'lint',
  'types',
  'structure',
  'unit',
] as const satisfies readonly Runner[];

/** Runs one; what keeps it from running at all is a failure with the sentence that says what to install. */
export async function runOne(runner: Runner): Promise<Counts> {
  try {
    return await runners[runner]();
  } catch (error) {
    return one(
      error instanceof UserError ? describeError(error) : `${runner} could not run: ${describeError(error)}`,
    );
  }
}
