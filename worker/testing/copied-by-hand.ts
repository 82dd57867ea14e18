import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { clusterOf, openStagedWorld } from './staged-fixture';

/** A staged world whose service has a database: nothing is copied and nothing checked by itself. The folder of its copies. */
export function openWorldWithDatabase(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'copies-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  const database = {
    id: 'fraiseql',
    name: 'FraiseQL',
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    url: { env: 'FRAISEQL_URL' },
    tier: 2,
    rpo: '1h',
    backup: { url: { env: 'FRAISEQL_URL' }, scratch: { env: 'SCRATCH_URL' }, folder },
  };
  openStagedWorld({ databases: [database] }, () => {
    clusterOf().setLogReader({ read: () => [] });
  });
  return folder;
}
