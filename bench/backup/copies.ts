import path from 'node:path';
import { beginDueCopy } from '@/lib/backup/begin-copy';
import { checkDueCopies } from '@/lib/backup/check-copies';
import { restoreArguments } from '@/lib/backup/check-restore';
import { readTarget, toolEnvironment } from '@/lib/backup/connection';
import { backedUp, makeCopy } from '@/lib/backup/make-copy';
import { runTool } from '@/lib/backup/run-tool';
import { withScratch } from '@/lib/backup/scratch';
import { chooseTools, findTools } from '@/lib/backup/tools';
import type { Measured } from './figures';
import type { World } from './world';

const rounds = 3;

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Whole copies and pg_dump alone in turns, so that what else the machine does falls on both. */
export async function dumpFigures(world: World, progress: (line: string) => void): Promise<Measured> {
  const { db, copier, folder, bare, gigabytes } = world;
  const [database] = backedUp(copier.config);
  if (database === undefined) throw new Error('There is no database to copy.');
  const ours: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // One row at a time: the schedule wants its first copy at once.
    await db.backupCopy.deleteMany();
    ours.push(
      await secondsOf(async () => {
        const copy = await beginDueCopy(db, database, copier.holder, copier.actor);
        if (copy === null) throw new Error('No copy was due.');
        await makeCopy(copier, copy);
      }),
    );
    const made = await db.backupCopy.findFirstOrThrow();
    if (made.state !== 'kept') throw new Error(`The copy failed: ${made.error}`);
    const file = path.join(folder, 'bare.dump');
    alone.push(await secondsOf(() => bare('pg_dump', ['--format=custom', `--file=${file}`], 'shop')));
  }
  progress(`Copies took ${seconds(ours)}, pg_dump alone ${seconds(alone)}, of ${gigabytes.toFixed(2)} GB.`);
  const best = Math.min(...alone);
  return { dump_mb_per_s_ratio: Math.min(...ours) / best, bare_dump_s_per_gb: best / gigabytes };
}

/** Levels 3 and 4 of the newest copy, then restores by the product and by pg_restore alone in turns. */
export async function checkFigures(world: World, progress: (line: string) => void): Promise<Measured> {
  const { db, copier, folder, bare, sql, gigabytes } = world;
  await checkDueCopies(copier);
  const copy = await db.backupCopy.findFirstOrThrow({ include: { checks: true } });
  if (copy.level !== 4) throw new Error(`The copy reached level ${copy.level}.`);
  const took = (level: number) => copy.checks.find((check) => check.level === level)?.seconds ?? Number.NaN;
  const [database] = backedUp(copier.config);
  if (database?.backup.scratch === undefined) throw new Error('There is no scratch server.');
  const target = readTarget(database.backup.scratch, 'scratch');
  const file = path.join(folder, copy.object);
  const tools = chooseTools(
    await findTools(copier.config.backups.tools),
    { version: '15', major: 15 },
    copier.config.backups.tools,
  );
  const ours: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(
      await secondsOf(() =>
        withScratch(target, { copy: copy.id, mark: null }, async (scratch) => {
          const { problem } = await runTool({
            tools,
            name: 'pg_restore',
            args: [...restoreArguments, `--dbname=${scratch.database}`, file],
            environment: toolEnvironment(scratch, 'bench'),
            timeoutSeconds: 3600,
            signal: copier.signal,
          });
          if (problem !== null) throw new Error(problem);
        }),
      ),
    );
    alone.push(
      await secondsOf(async () => {
        await sql('CREATE DATABASE bare TEMPLATE template0');
        await bare('pg_restore', ['--dbname=bare', file], 'bare');
        await sql('DROP DATABASE bare');
      }),
    );
  }
  progress(`Restores took ${seconds(ours)}, pg_restore alone ${seconds(alone)}.`);
  const best = Math.min(...alone);
  return {
    verify_l3_s_per_gb: took(3) / gigabytes,
    restore_s_per_gb: took(4) / gigabytes,
    restore_ratio: Math.min(...ours) / best,
    bare_restore_s_per_gb: best / gigabytes,
  };
}

const seconds = (values: readonly number[]): string =>
  values.map((value) => `${value.toFixed(1)} s`).join(', ');
