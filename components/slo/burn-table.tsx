'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/components/ui/class-names';
import { formatBurn, formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText, toneText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { formatDuration } from '@/lib/core/duration';
import { backtestQuery } from '@/lib/slo/backtest/client';
import type { JudgedRule, SloData, SloPage } from '@/lib/slo/page/contract';
import { firedText, type PastAsk, PastSentence, RulePast } from './burn-past';
import { groupPart, type PageChoice } from './page-url';
import { burnText, burnTone } from './words';

type BurnTableProps = { page: SloPage; data: SloData | null; choice: PageChoice };

/** The four pairs, scaled to the window, and the two rules of the guides (SLO-03): which burn now, and how much. */
export function BurnTable({ page, data, choice }: BurnTableProps) {
  const held = data?.minFailures ?? 1;
  const { id, environment } = page.row;
  const ask: PastAsk = { slo: id, environment, exclusions: choice.exclusions, ...groupPart(choice) };
  return (
    <Panel
      title="Burn by window"
      note={
        held > 1
          ? `critical: both windows over the limit, with ${held} failures or more`
          : 'critical: both windows over the limit'
      }
    >
      <ReadingNote reading={page.data} what="Burn rates" />
      {data === null ? null : <PastSentence ask={ask} />}
      {data === null ? null : (
        <ScrollX label="Burn by window">
          <table className="w-full border-collapse">
            <caption className="sr-only">Burn alerts</caption>
            <thead>
              <tr>
                <Th>State</Th>
                <Th>Severity</Th>
                <Th>Windows</Th>
                <Th end>Limit</Th>
                <Th end>Long</Th>
                <Th end>Short</Th>
                <Th end>Failures</Th>
                <Th end>Budget gone by then</Th>
                <Th>In the past</Th>
              </tr>
            </thead>
            <tbody>
              {data.pairs.map((rule) => (
                <RuleLine key={rule.id} rule={rule} ask={ask} />
              ))}
              <tr>
                <th
                  scope="rowgroup"
                  colSpan={columns}
                  className="h-7.5 border-line border-b px-3 text-left font-normal text-meta text-text-3"
                >
                  Rules of the guides
                </th>
              </tr>
              {data.guides.map((rule) => (
                <RuleLine key={rule.id} rule={rule} ask={ask} />
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Panel>
  );
}

const columns = 9;

const windows = ({ longSeconds, shortSeconds }: JudgedRule): string =>
  shortSeconds === null
    ? formatDuration(longSeconds)
    : `${formatDuration(longSeconds)} / ${formatDuration(shortSeconds)}`;

/** A rule that can never fire, or is quiet only for want of failures, says so under its line. */
const remark = ({ problem, isHeldBack, failures }: JudgedRule): string | null =>
  problem ?? (isHeldBack ? `Held back: ${formatCount(failures ?? 0)} failures are too few to page.` : null);

function RuleLine({ rule, ask }: { rule: JudgedRule; ask: PastAsk }) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery(backtestQuery(ask));
  const past = data?.rules.find(({ id }) => id === rule.id);
  const said = remark(rule);
  const cell = cx(
    'whitespace-nowrap px-2 first:pl-3 last:pr-3',
    said === null && !open && 'border-line border-b',
  );
  return (
    <>
      <tr className="h-8 hover:bg-raised" title={rule.words}>
        <td className={cell}>
          {rule.word === null ? (
            <StateText tone="unknown">No data</StateText>
          ) : (
            <StateText
              tone={rule.word === 'critical' && rule.severity === 'ticket' ? 'warn' : burnTone[rule.word]}
            >
              {burnText[rule.word]}
            </StateText>
          )}
        </td>
        <td className={cx(cell, rule.firing ? 'font-medium' : 'text-text-2')}>
          {rule.severity === 'page' ? 'Page' : 'Ticket'}
        </td>
        <td className={cell}>
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${windows(rule)}, burn over time`}
            title="Burn over time"
            onClick={() => setOpen(!open)}
            className="-ml-1 inline-flex min-h-6 items-center gap-1 rounded-control px-1 hover:bg-raised max-sm:min-h-11"
          >
            {open ? (
              <ChevronDown aria-hidden className="size-3.5 text-text-3" />
            ) : (
              <ChevronRight aria-hidden className="size-3.5 text-text-3" />
            )}
            {windows(rule)}
          </button>
        </td>
        <td className={cx(cell, 'text-right text-text-2')}>{formatBurn(rule.factor)}</td>
        <td className={cx(cell, 'text-right')}>
          <Burn burn={rule.long} rule={rule} />
        </td>
        <td className={cx(cell, 'text-right')}>
          {rule.shortSeconds === null ? (
            <span className="text-text-3">–</span>
          ) : (
            <Burn burn={rule.short} rule={rule} />
          )}
        </td>
        <td className={cx(cell, 'text-right text-text-2')}>
          {rule.failures === null ? '–' : formatCount(rule.failures)}
        </td>
        <td className={cx(cell, 'text-right text-text-2')}>
          {Number((rule.spent * 100).toPrecision(3))}
          {'\u00a0'}%
        </td>
        <td className={cx(cell, past?.fired.length ? '' : 'text-text-2')}>
          {past === undefined ? '–' : firedText(past)}
        </td>
      </tr>
      {said === null ? null : (
        <tr>
          <td
            colSpan={columns}
            className={cx('px-3 pb-2 text-meta text-text-2', !open && 'border-line border-b')}
          >
            {said}
          </td>
        </tr>
      )}
      {open ? (
        <tr>
          <td colSpan={columns} className="border-line border-b">
            {/* As wide as what is seen of the table, where that scrolls. */}
            <div className="sticky left-0 max-w-[calc(100vw-16px)] sm:max-w-[calc(100vw-64px)]">
              <RulePast ask={ask} rule={rule} />
            </div>
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Burn({ burn, rule }: { burn: number | null; rule: JudgedRule }) {
  if (burn === null) return <span className="text-text-3">–</span>;
  const isOver = burn > rule.factor;
  return (
    <span className={isOver ? cx('font-semibold', toneText[rule.severity === 'page' ? 'crit' : 'warn']) : ''}>
      {formatBurn(burn)}
    </span>
  );
}
