'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Copyable } from '@/components/ui/copyable';
import { Time } from '@/components/ui/time-ago';
import type { AuditRow } from '@/lib/audit/contract';
import { paths } from '@/lib/core/paths';
import { fieldWord } from './words';

/** Values that are identifiers: shown in mono and copied whole. */
const identifiers = /^(planHash|requestId|request|digest|auditId|intent|resourceVersion(After)?)$/;
const short = (hash: string) => (hash.length > 24 ? `${hash.slice(0, 12)}…${hash.slice(-8)}` : hash);

/** All that an entry records, opened under its row. */
export function AuditEntry({ row }: { row: AuditRow }) {
  const details = Object.entries(row.details);
  return (
    <div className="grid gap-x-8 gap-y-4 bg-raised px-3 py-3 shadow-[inset_2px_0_var(--accent)] max-sm:px-4 md:grid-cols-2">
      <Facts title="What was recorded">
        <Fact name="When">
          <Time at={row.at} parts="full" className="mono" />
        </Fact>
        <Fact name="Who">
          {row.actor.name}{' '}
          <span className="text-text-3">
            ({row.actor.kind}, through {row.via})
          </span>
        </Fact>
        <Fact name="Action">
          <span className="mono">{row.action}</span>
        </Fact>
        <Fact name="Target">{row.target}</Fact>
        {row.reason ? <Fact name="Reason">{row.reason}</Fact> : null}
        {row.change ? (
          <Fact name="Change">
            <Link href={paths.change(row.change)} className="text-accent hover:underline">
              {row.change}
            </Link>
          </Fact>
        ) : null}
        {details.map(([name, value]) => (
          <Fact key={name} name={fieldWord(name)}>
            {identifiers.test(name) ? (
              <Copyable text={String(value)} shown={short(String(value))} />
            ) : typeof value === 'boolean' ? (
              value ? (
                'yes'
              ) : (
                'no'
              )
            ) : (
              String(value)
            )}
          </Fact>
        ))}
      </Facts>
      <Facts title="Proof">
        <Fact name="Entry">
          <span className="mono">{row.seq}</span>
        </Fact>
        <Fact name="Actor id">
          <Copyable text={row.actor.id} />
        </Fact>
        <Fact name="Leaf">
          <Copyable text={row.leaf} shown={short(row.leaf)} />
        </Fact>
        <Fact name="Leaf before">
          {row.previousLeaf === null ? (
            'none: this is the first entry'
          ) : (
            <Copyable text={row.previousLeaf} shown={short(row.previousLeaf)} />
          )}
        </Fact>
      </Facts>
    </div>
  );
}

const Facts = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="min-w-0">
    <h3 className="mb-1 font-medium">{title}</h3>
    <dl className="grid gap-y-1">{children}</dl>
  </div>
);

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-[104px_minmax(0,1fr)] gap-2">
    <dt className="text-text-2 leading-6">{name}</dt>
    <dd className="min-w-0 leading-6 [overflow-wrap:anywhere]">{children}</dd>
  </div>
);
