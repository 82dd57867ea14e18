import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { sequenceAudit } from '@/lib/audit/sequence';
import { stage } from '@/lib/audit/stage';
import { Evidence } from '@/lib/backup/contract';
import { loadConfig } from '@/lib/config/load';
import { createDatabase } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { shiftTime, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import type { Archiver } from '../begin-archive';
import { checkDueArchives } from '../check-archives';
import { clearAbandonedArchives } from '../clear-abandoned';
import { makeDueArchives } from '../make-archives';
import type { ArchiveKind } from '../model';

/** A console's database with a log, a signalbox.yaml with a certificate and a secret, and a folder for archives. */
export async function archiveWorld() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'archive-'));
  let database = await testDatabase();
  let db = createDatabase(database.url);
  const folder = path.join(root, 'archives');
  const file = path.join(root, 'signalbox.yaml');
  fs.mkdirSync(path.join(root, 'tls'));
  fs.writeFileSync(
    path.join(root, 'tls', 'ca.pem'),
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  );
  fs.writeFileSync(path.join(root, 'chat.url'), 'https://chat.example/hooks/hunter2\n', { mode: 0o600 });
  /** Writes signalbox.yaml and reads it, as a process does at its start. */
  const configure = (more: object = {}, archives: object = {}) => {
    const input = testConfigInput({
      kubeconfig: path.join(root, 'kubeconfig.yaml'),
      prometheus: 'http://127.0.0.1:9',
    });
    const text = stringify({
      ...input,
      sources: { prometheus: [{ id: 'metrics', url: 'http://127.0.0.1:9', caFile: 'tls/ca.pem' }] },
      notifications: { webhooks: [{ id: 'chat', url: { file: 'chat.url' } }] },
      archives: { folder: 'archives', ...archives },
      ...more,
    });
    fs.writeFileSync(file, `# As somebody wrote it.\n${text}`);
    const bytes = fs.readFileSync(file);
    return { file, bytes, config: loadConfig(file) };
  };
  let running = configure();
  const archiver = (workerId = 'w1', signal = new AbortController().signal): Archiver => ({
    db,
    config: running.config,
    source: () => running,
    actor: { kind: 'worker', id: workerId },
    holder: { workerId, leaseSeconds: 20 },
    signal,
  });
  const newest = (kind: ArchiveKind) =>
    db.archive.findFirstOrThrow({ where: { kind }, orderBy: { startedAt: 'desc' } });
  let entries = 0;
  const leave = async () => {
    await db.$disconnect();
    await database.drop();
  };
  const shift = (seconds: number) => shiftTime(database.url, seconds * 1000);
  return {
    root,
    folder,
    file,
    get db() {
      return db;
    },
    url: () => database.url,
    archiver,
    shift,
    newest,
    /** A worker that was started anew with another signalbox.yaml. */
    restart: (more?: object, archives?: object) => {
      running = configure(more, archives);
      return running;
    },
    make: () => makeDueArchives(archiver()),
    check: () => checkDueArchives(archiver()),
    clear: () => clearAbandonedArchives(archiver('w2')),
    /** Entries of the log, sequenced. */
    log: async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        entries += 1;
        const title = `Entry ${entries}: "quoted", ümlaut, line\nbreak`;
        await transaction(
          (tx) =>
            stage(tx, {
              action: 'status.published',
              actor: { kind: 'cli', id: 'somebody@here' },
              target: 'status:message',
              result: 'ok',
              details: { title },
            }),
          db,
        );
      }
      await sequenceAudit(db);
    },
    sequence: () => sequenceAudit(db),
    /** Past the next hour and the next 01:00. */
    day: () => shift(25 * 3600),
    checksOf: async (archive: string) => {
      const rows = await db.archiveCheck.findMany({ where: { archiveId: archive }, orderBy: { id: 'asc' } });
      return rows.map((row) => ({ ...row, evidence: z.array(Evidence).parse(row.evidence) }));
    },
    files: () => (fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []),
    actions: async () => {
      const rows = await db.auditEntry.findMany({
        where: { action: { startsWith: 'archive.' } },
        orderBy: { seq: 'asc' },
      });
      return rows.map(({ action, target, result }) => `${action} ${target} ${result}`);
    },
    /** What nobody but a superuser who means it can do to the log. */
    tamper: async (statement: string) => {
      await db.$transaction([
        db.$executeRawUnsafe('ALTER TABLE audit.entry DISABLE TRIGGER ALL'),
        db.$executeRawUnsafe(statement),
        db.$executeRawUnsafe('ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER entry_append_only'),
      ]);
    },
    /** A database and a folder in which nothing of the test before is, twenty minutes past an hour. */
    clean: async () => {
      fs.rmSync(folder, { recursive: true, force: true });
      running = configure();
      entries = 0;
      await leave();
      // The log only grows: a new one is in a new database.
      database = await testDatabase();
      db = createDatabase(database.url);
      const intoHour = (await databaseNow(db)).getTime() % 3_600_000;
      await shiftTime(database.url, 3_600_000 - intoHour + 1_200_000);
    },
    stop: async () => {
      await leave();
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}
export type ArchiveWorld = Awaited<ReturnType<typeof archiveWorld>>;
