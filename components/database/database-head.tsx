'use client';

import type { ReactNode } from 'react';
import { Figure, FigureRow } from '@/components/service/figure';
import { Chip } from '@/components/ui/chip';
import { formatBytes } from '@/components/ui/number-text';
import { reasonWords } from '@/components/ui/reading-value';
import { StateGlyph, type Tone, toneText } from '@/components/ui/state';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import type { Reading } from '@/lib/core/reading';
import type { DatabaseView, ReplicationView } from '@/lib/database/contract';
import { tightShare } from '@/lib/database/pool';
import { Command } from './command';
import { gainText, lagTones, limitText, spanText } from './text';

const words = { ok: 'Well', warn: 'Look at it', crit: 'Act', unknown: 'Not all is known' } as const;

/** One sentence of judgement and what can be asked for, who answers, and the figures that say how far the limits are. */
export function DatabaseHead({ view, children }: { view: DatabaseView; children: ReactNode }) {
  const { tone, sentences } = view.judgement;
  const { server } = view;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="min-w-0 flex-1 basis-80 text-pretty font-medium text-judgement tracking-tight">
          <StateGlyph tone={tone} className="-mt-0.5 mr-1.5 inline-block" />
          <b className={tone === 'ok' ? 'font-semibold' : `font-semibold ${toneText[tone]}`}>
            {words[tone]}.
          </b>{' '}
          {sentences.length > 0 ? sentences.join(' ') : 'No limit is passed, and nobody waits for a lock.'}
        </p>
        <div className="flex flex-wrap gap-2">{children}</div>
      </div>
      {server.state === 'missing' ? null : (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-meta text-text-2">
          <span>{view.name}</span>
          <Chip>{server.value.database}</Chip>
          <span>
            PostgreSQL {server.value.version}, {server.value.standby ? 'a standby' : 'primary'}, up for{' '}
            {spanText(server.value.upSeconds)}
            {server.value.support.ends === null ? '' : `, supported until ${server.value.support.ends}`}.
            {server.state === 'stale' ? (
              <>
                {' '}
                As of <Time at={server.observedAt} parts="full" />.
              </>
            ) : null}
          </span>
        </p>
      )}
      {server.state !== 'missing' && server.value.grant !== null ? (
        <div className="grid max-w-160 gap-1 text-meta text-text-2">
          <p>
            The account {server.value.account} sees only what it does itself. As a superuser, this shows the
            rest:
          </p>
          <Command text={server.value.grant} />
        </div>
      ) : null}
      <Figures view={view} />
    </div>
  );
}

type FigureOf<T> = {
  label: string;
  reading: Reading<T>;
  say: (value: T) => { text: string; tone?: Tone | null; note: string };
};

function Read<T>({ label, reading, say }: FigureOf<T>) {
  if (reading.state === 'missing') {
    return (
      <Figure label={label} note={reading.detail ?? reasonWords[reading.reason]}>
        <span className="text-text-3">No data</span>
      </Figure>
    );
  }
  const { text, tone = null, note } = say(reading.value);
  if (reading.state === 'stale') {
    return (
      <Figure
        label={label}
        note={
          <>
            <TimeAgo at={reading.observedAt} />: {reading.detail ?? reasonWords[reading.reason]}
          </>
        }
      >
        <span className="text-text-3">{text}</span>
      </Figure>
    );
  }
  return (
    <Figure label={label} tone={tone} note={note}>
      {text}
    </Figure>
  );
}

function lagFigure({ standby, receiving, standbys, limitSeconds }: ReplicationView) {
  const limit = `limit ${limitText(limitSeconds)}`;
  const lags = receiving === null ? standbys.map(({ lag }) => lag) : [receiving];
  if (lags.length === 0) return { text: 'None', note: 'no standby is connected' };
  const worst =
    lags.find(({ state }) => state === 'late') ?? lags.find(({ state }) => state === 'unknown') ?? lags[0];
  const loud = worst === undefined || worst.state === 'within' ? null : lagTones[worst.state];
  const seconds = lags.map((lag) => lag.seconds).filter((one): one is number => one !== null);
  const text = worst?.seconds == null ? 'Not known' : spanText(Math.max(worst.seconds, ...seconds));
  const who = standby
    ? 'of this standby'
    : `of ${lags.length === 1 ? 'the standby' : `${lags.length} standbys`}`;
  return { text, tone: loud, note: `${who}, ${limit}` };
}

function Figures({ view }: { view: DatabaseView }) {
  const week = view.growth.spans.find(({ days }) => days === 7)?.growth ?? null;
  return (
    <FigureRow>
      <Read
        label="Connections"
        reading={view.connections}
        say={({ max, reserved, used }) => ({
          text: `${used}\u00a0of ${max - reserved}`,
          tone: used >= max - reserved ? 'crit' : used > (max - reserved) * tightShare ? 'warn' : null,
          note: `${max} less ${reserved} reserved, all databases of the server`,
        })}
      />
      <Read
        label="Oldest transaction"
        reading={view.sessions}
        say={({ rows, hidden }) => {
          const ages = rows.flatMap(({ transactionSeconds }) => transactionSeconds ?? []);
          return {
            text: ages.length === 0 ? (hidden > 0 ? 'Not known' : 'None') : spanText(Math.max(...ages)),
            note:
              hidden > 0
                ? `${hidden === 1 ? 'one session is' : `${hidden} sessions are`} hidden from us`
                : 'an old one stops VACUUM from tidying up',
          };
        }}
      />
      <Read label="Replication lag" reading={view.replication} say={lagFigure} />
      <Read
        label="Size"
        reading={view.size}
        say={({ bytes, tables }) => ({
          text: formatBytes(bytes),
          note:
            week === null
              ? `${tables} tables; growth is not known yet`
              : `${gainText(week.bytes)} in ${spanText(week.seconds)}`,
        })}
      />
    </FigureRow>
  );
}
