import { samePoint } from '@/lib/archive/log-point';
import type { AuditManifest } from '@/lib/archive/manifest';
import { archiveLevelNames } from '@/lib/archive/model';
import { type VerifiedFile, verifyFile } from '@/lib/archive/verify-file';
import { type Command, readArguments } from './command';

export const archiveVerify: Command = {
  summary:
    'Verify archives of configuration or audit log, without a database; exit code 1 when one does not hold',
  usage: 'signalbox archive verify FILE...',
  run: async (args) => {
    const files = readArguments(args, archiveVerify.usage, {}, [1, Number.POSITIVE_INFINITY]).positionals;
    const verified: VerifiedFile[] = [];
    for (const file of files) {
      const found = await verifyFile(file, new AbortController().signal);
      tell(found);
      verified.push(found);
    }
    const broken = tellChain(verified.flatMap(({ log }) => (log === null ? [] : [log])));
    return broken || verified.some(({ holds }) => !holds) ? 1 : 0;
  },
};

function tell({ file, kind, hasMarker, checks, holds, log }: VerifiedFile): void {
  console.log(`${file}: archive of the ${kind === 'audit' ? 'audit log' : 'configuration'}`);
  if (!hasMarker)
    console.log('! no .json beside it: whether these are the bytes that were written is not known');
  for (const { level, result, sentence } of checks) {
    const line = `L${level} ${archiveLevelNames[level]}: ${sentence}`;
    if (result === 'passed') console.log(`✓ ${line}`);
    else console.error(`✗ ${line}`);
  }
  if (log !== null)
    console.log(`Entries ${log.first} to ${log.last}; root over all up to there: ${log.after.root}`);
  if (holds) console.log('It holds.');
  else console.error('It does not hold.');
}

/** Several archives of the log: whether each begins where the one before it ends. True when one does not. */
function tellChain(logs: AuditManifest[]): boolean {
  const sorted = logs.toSorted((left, right) => left.first - right.first);
  const [first] = sorted;
  if (first !== undefined && first.first > 0)
    console.log(`! entries before ${first.first} are in older archives, which were not given`);
  let isBroken = false;
  sorted.slice(1).forEach((log, index) => {
    const before = sorted[index];
    if (before === undefined || samePoint(before.after, log.before)) return;
    isBroken = true;
    console.error(
      `The archive from entry ${log.first} on does not join the one that ends with entry ${before.last}: one is missing between them, or they are of different logs.`,
    );
  });
  if (sorted.length > 1 && !isBroken)
    console.log(`${sorted.length} archives of the audit log form one chain.`);
  return isBroken;
}
