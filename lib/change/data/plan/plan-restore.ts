import 'server-only';
import type { Database as DatabaseConfig } from '@/lib/config/database';
import type { RestoreData } from '../contract';
import type { DataInput } from './find-database';
import type { Part } from './part';
import type { Planner } from './plan-data';

type Input = Extract<DataInput, { kind: 'restore' }>;

export function planRestore(
  _worker: Planner,
  { name }: DatabaseConfig,
  _input: Input,
): Promise<Part<RestoreData>> {
  throw new Error(`${name} cannot be restored yet.`);
}
