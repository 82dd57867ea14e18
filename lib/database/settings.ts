import type { Setting } from '@/lib/sources/postgresql/server';

const MB = 1024 * 1024;
const GB = 1024 * MB;

type Guide = { name: string; shown: string; is: (setting: Setting) => boolean };

const units: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  '8kB': 8192,
  MB,
  GB,
  ms: 1,
  s: 1000,
  min: 60_000,
};

/** In bytes or milliseconds, or as it is; null for what is no number, and for a unit that is not known. */
export function baseValue({ setting, unit }: Pick<Setting, 'setting' | 'unit'>): number | null {
  const factor = unit === null ? 1 : units[unit];
  const value = Number(setting);
  return factor === undefined || setting === '' || !Number.isFinite(value) ? null : value * factor;
}

const equals = (name: string, shown: string, wanted: number): Guide => ({
  name,
  shown,
  is: (setting) => baseValue(setting) === wanted,
});

/** The settings of guide 000 (DBO-02). Another value is not wrong: the guide knows nothing of this machine. */
export const guideSettings: readonly Guide[] = [
  equals('max_connections', '100', 100),
  equals('shared_buffers', '4GB', 4 * GB),
  equals('effective_cache_size', '12GB', 12 * GB),
  equals('work_mem', '64MB', 64 * MB),
  equals('maintenance_work_mem', '1GB', GB),
  equals('log_min_duration_statement', '1s', 1000),
  { name: 'log_line_prefix', shown: 'some', is: ({ setting }) => setting.trim() !== '' },
];

export type SettingLine = {
  name: string;
  guide: string;
  /** Null: the server says nothing of it to our account. */
  shown: string | null;
  same: boolean | null;
  pendingRestart: boolean;
};

export const settingLines = (settings: readonly Setting[]): SettingLine[] =>
  guideSettings.map(({ name, shown, is }) => {
    const found = settings.find((setting) => setting.name === name);
    return {
      name,
      guide: shown,
      shown: found === undefined ? null : found.shown,
      same: found === undefined ? null : is(found),
      pendingRestart: found?.pendingRestart ?? false,
    };
  });

/**
 * Bytes when every connection sorts once at the same time: shared buffers and one work_mem each. A query may
 * take several, so this is no upper limit. Null where a setting is not known.
 */
export function memoryWhenAllSort(settings: readonly Setting[]): number | null {
  const value = (name: string): number | null => {
    const found = settings.find((setting) => setting.name === name);
    return found === undefined ? null : baseValue(found);
  };
  const [connections, buffers, work] = ['max_connections', 'shared_buffers', 'work_mem'].map(value);
  if (connections == null || buffers == null || work == null) return null;
  return connections * work + buffers;
}
