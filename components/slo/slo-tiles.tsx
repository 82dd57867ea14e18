'use client';

import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import { formatBurn, formatCount } from '@/components/ui/number-text';
import { reasonWords } from '@/components/ui/reading-value';
import { StateGlyph, type Tone, toneText } from '@/components/ui/state';
import { useZone } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import { readingValue } from '@/lib/core/reading';
import type { How, SloData, SloMode, SloPage, TileId } from '@/lib/slo/page/contract';
import { momentText } from './chart/times';
import { coverageText } from './data-text';
import { failuresText, formatShare, formatSli } from './figures';
import { HowComputed } from './how-computed';
import { burnText, burnTone, exhaustionText, stateWhy, unitText } from './words';

type SloTilesProps = { page: SloPage; mode: SloMode | null; data: SloData | null };
const names: Record<TileId, string> = {
  sli: 'Service level',
  budget: 'Budget left',
  burn: 'Burn, 1 h',
  exhaustion: 'Budget gone in',
  'last-change': 'Last change cost',
};
const noData = <span className="text-text-3">No data</span>;

/** Level, budget, burn, exhaustion and the last change: each with how it was computed. */
export function SloTiles({ page, mode, data }: SloTilesProps) {
  return (
    <dl className="grid grid-cols-2 border-line bg-surface max-sm:-mx-4 max-sm:border-y sm:grid-cols-3 sm:rounded-panel sm:border lg:grid-cols-5">
      <LevelTile page={page} mode={mode} />
      <BudgetTile page={page} mode={mode} />
      <BurnTile page={page} mode={mode} data={data} />
      <ExhaustionTile page={page} mode={mode} />
      <ChangeTile page={page} mode={mode} />
    </dl>
  );
}

type TileProps = {
  id: TileId;
  how: How | undefined;
  tone?: Tone | null;
  note: ReactNode;
  children: ReactNode;
};

function Tile({ id, how, tone = null, note, children }: TileProps) {
  return (
    <div className="min-w-0 border-line p-3 max-lg:border-b max-sm:first:col-span-2 max-sm:px-4 max-sm:even:border-r sm:not-first:border-l">
      <dt className="flex items-center justify-between gap-1 text-meta text-text-3">
        {names[id]}
        {how ? (
          <HowComputed
            name={names[id]}
            formula={how.formula}
            numbers={how.filled}
            notes={how.notes}
            queries={how.queries}
          />
        ) : null}
      </dt>
      <dd
        className={cx(
          'flex items-center gap-1.5 font-medium text-figure tracking-tight max-2xl:text-[24px]',
          tone && toneText[tone],
        )}
      >
        {tone ? <StateGlyph tone={tone} className="size-4.5" /> : null}
        {typeof children === 'string' ? <Quantity text={children} /> : children}
      </dd>
      <dd className="text-pretty text-meta text-text-2">{note}</dd>
    </div>
  );
}

/** Numbers large, their units small: 17 h 32 min, 36.3 %. */
const Quantity = ({ text }: { text: string }) => (
  <span className="whitespace-nowrap">
    {text.split(/[\u00a0 ]/).map((part, index) => {
      const space = index === 0 ? '' : '\u00a0';
      return /\d/.test(part) || index === 0 ? (
        `${space}${part}`
      ) : (
        <span key={part} className="font-normal text-section text-text-2 tracking-normal">
          {space}
          {part}
        </span>
      );
    })}
  </span>
);

/** Why the window has no figures: of the data itself, or of where it comes from. */
function whyNot({ row, data }: SloPage, mode: SloMode | null): string {
  if (mode !== null) return stateWhy[mode.numbers.state];
  if (row.numbers.state === 'missing') return row.numbers.detail ?? reasonWords[row.numbers.reason];
  return data.state === 'missing' ? (data.detail ?? reasonWords[data.reason]) : '';
}

type ModeProps = { page: SloPage; mode: SloMode | null };

function LevelTile({ page, mode }: ModeProps) {
  const { row } = page;
  const numbers = mode?.numbers;
  if (mode === null || numbers === undefined || numbers.sli === null) {
    return (
      <Tile id="sli" how={mode?.how.sli} note={whyNot(page, mode)}>
        {numbers?.state === 'no-traffic' ? <span className="text-text-3">No traffic</span> : noData}
      </Tile>
    );
  }
  const known = coverageText(numbers.coverage);
  return (
    <Tile
      id="sli"
      how={mode.how.sli}
      tone={numbers.isMet === false ? 'crit' : null}
      note={`target ${row.objective} %; ${formatCount(numbers.total ?? 0)} ${unitText(row)}${known === null ? '' : `; ${known}`}`}
    >
      {formatSli(numbers.sli, row.objective)}
    </Tile>
  );
}

function BudgetTile({ page, mode }: ModeProps) {
  const left = mode?.numbers.budgetLeft ?? null;
  if (mode === null || left === null) {
    return (
      <Tile id="budget" how={mode?.how.budget} note={whyNot(page, mode)}>
        {noData}
      </Tile>
    );
  }
  const { secondsLeft, budgetSeconds } = mode.numbers;
  const minutes =
    secondsLeft === null
      ? ''
      : secondsLeft < 0
        ? `; ${formatDuration(-secondsLeft)} of full outage too much`
        : `; ${formatDuration(secondsLeft)} of ${formatDuration(budgetSeconds)}`;
  return (
    <Tile
      id="budget"
      how={mode.how.budget}
      tone={left <= 0 ? 'crit' : null}
      note={`${failuresText(mode.numbers) ?? ''}${minutes}`}
    >
      {formatShare(left)}
    </Tile>
  );
}

function BurnTile({ page, mode, data }: SloTilesProps) {
  const burn = readingValue(page.row.numbers)?.burn1h ?? null;
  const rule = data?.pairs.find(({ id }) => id === 'page-1h') ?? data?.pairs[0];
  const word = rule?.word ?? null;
  const tone = word === null || word === 'acceptable' ? null : burnTone[word];
  return (
    <Tile
      id="burn"
      how={mode?.how.burn}
      tone={burn === null ? null : tone}
      note={
        rule === undefined || word === null
          ? 'no data in the last hour'
          : `${burnText[word].toLowerCase()}: ${rule.words}`
      }
    >
      {burn === null ? noData : formatBurn(burn)}
    </Tile>
  );
}

const closeSeconds = 3 * 86_400;

/** The moment of the fastest pace, and how far the slowest one sees. */
function exhaustionNote({ soonest, latest, to }: SloMode, at: (unix: number) => string): string {
  switch (soonest.kind) {
    case 'spent':
      return soonest.recoversInSeconds === null
        ? 'does not come back at this pace'
        : `back in ${formatDuration(soonest.recoversInSeconds)} at this pace`;
    case 'never':
      return 'at the paces of 1 h, 6 h and 3 d';
    case 'unknown':
      return 'no pace is known';
    case 'in': {
      const first = at(to + soonest.seconds);
      if (latest.kind === 'never') return `${first}; never at the slowest pace`;
      if (latest.kind !== 'in' || latest.seconds <= soonest.seconds) return first;
      return `${first}; slowest pace ${at(to + latest.seconds)}`;
    }
    default:
      return soonest satisfies never;
  }
}

function ExhaustionTile({ page, mode }: ModeProps) {
  const zone = useZone();
  if (mode === null || mode.soonest.kind === 'unknown') {
    return (
      <Tile id="exhaustion" how={mode?.how.exhaustion} note={whyNot(page, mode) || 'no pace is known'}>
        {noData}
      </Tile>
    );
  }
  const { soonest } = mode;
  const isClose = soonest.kind === 'spent' || (soonest.kind === 'in' && soonest.seconds < closeSeconds);
  return (
    <Tile
      id="exhaustion"
      how={mode.how.exhaustion}
      tone={isClose ? 'crit' : null}
      note={exhaustionNote(mode, (unix) => momentText(unix, zone))}
    >
      {soonest.kind === 'spent' ? (
        'Spent'
      ) : soonest.kind === 'never' ? (
        <span className="text-section">Not in sight</span>
      ) : (
        exhaustionText(soonest)
      )}
    </Tile>
  );
}

function ChangeTile({ page, mode }: ModeProps) {
  const change = page.row.lastChange;
  const how = mode?.how['last-change'];
  if (change === null) {
    return (
      <Tile id="last-change" how={how} note="no change in the window">
        <span className="text-section text-text-3">No change</span>
      </Tile>
    );
  }
  const range =
    change.low === null || change.high === null
      ? ''
      : `; ${formatCount(Math.round(change.low))} to ${formatCount(Math.round(change.high))} failures`;
  return (
    <Tile
      id="last-change"
      how={how}
      note={`${change.id} ${change.title}${range}${change.isShared ? '; shared' : ''}`}
    >
      {change.share === null ? (
        <span className="text-section text-text-3">Not priced</span>
      ) : (
        formatShare(change.share)
      )}
    </Tile>
  );
}
