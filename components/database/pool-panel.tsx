'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { StateText } from '@/components/ui/state';
import { readingValue } from '@/lib/core/reading';
import type { DatabaseView } from '@/lib/database/contract';
import { type PoolInput, type PoolLine, poolLines } from '@/lib/database/pool';
import { poolTones, poolWords } from './text';

const fields = [
  { key: 'pods', label: 'Pods', hint: 'of the service here' },
  { key: 'size', label: 'Pool of a pod', hint: 'kept open' },
  { key: 'overflow', label: 'Overflow', hint: 'opened beyond' },
  { key: 'maxClients', label: 'Pooler clients', hint: 'max_client_conn' },
  { key: 'poolSize', label: 'Pooler servers', hint: 'default_pool_size' },
  { key: 'reserve', label: 'Pooler reserve', hint: 'reserve_pool_size' },
  { key: 'usable', label: 'Server', hint: 'max_connections less reserved' },
] as const;
type Key = (typeof fields)[number]['key'];
type Numbers = Record<Key, number | null>;

/** A whole number from 0, as typed; null for anything else, which is then not known. */
const numberOf = (text: string): number | null => {
  const value = Number(text);
  return text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 1_000_000 ? null : value;
};

const inputOf = (numbers: Numbers): PoolInput => ({
  pods: numbers.pods,
  size: numbers.size,
  overflow: numbers.overflow ?? 0,
  pooler:
    numbers.maxClients === null || numbers.poolSize === null
      ? null
      : { maxClients: numbers.maxClients, poolSize: numbers.poolSize, reserve: numbers.reserve ?? 0 },
  usable: numbers.usable,
});

/** Pods times their pools against the pooler, the pooler against the server: as it is, or as somebody plans it. */
export function PoolPanel({ pool, connections }: Pick<DatabaseView, 'pool' | 'connections'>) {
  const [typed, setTyped] = useState<Partial<Record<Key, string>>>({});
  const limits = readingValue(connections);
  const now: Numbers = {
    pods: readingValue(pool.pods),
    size: pool.size,
    overflow: pool.size === null ? null : pool.overflow,
    maxClients: pool.pooler?.maxClients ?? null,
    poolSize: pool.pooler?.poolSize ?? null,
    reserve: pool.pooler?.reserve ?? null,
    usable: limits === null ? null : limits.max - limits.reserved,
  };
  const shown = (key: Key): string => typed[key] ?? now[key]?.toString() ?? '';
  const planned = Object.fromEntries(fields.map(({ key }) => [key, numberOf(shown(key))]));
  const lines = poolLines(inputOf({ ...now, ...planned }));
  const isTyped = Object.keys(typed).length > 0;
  return (
    <Panel
      title="Pool arithmetic"
      note={isTyped ? 'with your figures' : 'as it is now'}
      end={
        isTyped ? (
          <Button size="small" onClick={() => setTyped({})}>
            Show what is
          </Button>
        ) : null
      }
    >
      <ReadingNote reading={pool.pods} what="Pods" />
      <ul aria-live="polite">
        {lines.map((line) => (
          <Line key={line.border} line={line} />
        ))}
      </ul>
      {pool.size === null && !isTyped ? (
        <p className="border-line border-t px-3 py-2 text-meta text-text-2 max-sm:px-4">
          signalbox.yaml does not say how many connections a pod opens: add{' '}
          <span className="mono">pool: {'{ size: … }'}</span> to the database, or try figures here.
        </p>
      ) : null}
      <div className="grid grid-cols-2 items-start gap-3 border-line border-t p-3 max-sm:px-4 sm:grid-cols-4">
        {fields.map(({ key, label, hint }) => (
          <TextField
            key={key}
            label={label}
            hint={hint}
            inputMode="numeric"
            autoComplete="off"
            placeholder="not known"
            value={shown(key)}
            error={shown(key) !== '' && numberOf(shown(key)) === null ? 'A whole number' : null}
            onChange={(event) => setTyped({ ...typed, [key]: event.target.value })}
          />
        ))}
      </div>
      <p className="px-3 pb-2 text-meta text-text-3 max-sm:px-4">
        Nothing is changed by trying figures. Other services that use the same pooler or server come on top.
      </p>
    </Panel>
  );
}

const Line = ({ line }: { line: PoolLine }) => (
  <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 border-line border-b px-3 py-1.5 last:border-b-0 max-sm:grid-cols-1 max-sm:px-4">
    <span className="min-w-30">
      <StateText tone={poolTones[line.state]}>{poolWords[line.state]}</StateText>
    </span>
    <span>
      <span className="text-text-3">{line.border}: </span>
      <span>{line.sum}</span>
      <span className="block text-pretty text-meta text-text-2">{line.sentence}</span>
    </span>
  </li>
);
