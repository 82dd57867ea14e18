import 'server-only';
import { z } from 'zod';
import type { BackupCheck } from '@/prisma/generated/client';
import { type CheckView, Evidence } from './contract';
import { checkResults } from './model';

/** One look at a level as a page shows it, of a copy or of an archive; both are stored the same way. */
export const checkOfRow = (row: Omit<BackupCheck, 'id' | 'copyId'>): CheckView => ({
  level: row.level,
  result: z.enum(checkResults).parse(row.result),
  at: row.at.toISOString(),
  tool: row.tool,
  toolVersion: row.toolVersion,
  sentence: row.sentence,
  evidence: z.array(Evidence).parse(row.evidence),
  seconds: row.seconds,
});
