'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useEnvironment } from '@/components/shell/environment';
import { Chip } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateBadge, StateGlyph, toneText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { adoptedPageQuery } from '@/lib/slo/adopted/client';
import type { AdoptedPage, AdoptedRow } from '@/lib/slo/adopted/contract';
import { AdoptedBudget, AdoptedBurn, AdoptedRatio, groupText, SourceNote } from './adopted-figures';
import { wordText, wordTone } from './words';

/** An objective of another tool: what it says, how it is made, and how to have it counted here. */
export function AdoptedScreen({ adopted }: { adopted: string }) {
  const environment = useEnvironment();
  const { data, error, refetch } = useQuery(adoptedPageQuery(adopted, environment));
  if (!data) {
    return (
      <>
        <h1 className="mb-3 font-medium text-page">Adopted objective</h1>
        <Panel title="Figures">
          {error ? (
            <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
          ) : (
            <SkeletonRows rows={4} label="adopted objective" />
          )}
        </Panel>
      </>
    );
  }
  return (
    <>
      <Head page={data} />
      {error ? (
        <Panel title="Not refreshed" className="mt-4">
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        </Panel>
      ) : null}
      <div className="mt-4 grid gap-4">
        <Figures page={data} />
        <Origin page={data} />
        <Proposal page={data} />
      </div>
    </>
  );
}

function Head({ page: { row, environment, configured } }: { page: AdoptedPage }) {
  const tone = wordTone[row.word];
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="wrap-anywhere font-medium text-page">{row.name}</h1>
        <Chip>{environment}</Chip>
        <StateBadge tone={tone}>{wordText[row.word]}</StateBadge>
        <Chip>{row.toolName}</Chip>
        {row.service === null ? null : <span className="text-text-3">{row.service}</span>}
      </div>
      <p className="mt-2 text-pretty font-medium text-judgement tracking-tight">
        <StateGlyph tone={tone} className="-mt-0.5 mr-1.5 inline-block" />
        <span className={tone === 'ok' ? '' : toneText[tone]}>{row.sentence}</span>
      </p>
      <p className="mt-1 max-w-[92ch] text-text-2">
        {row.toolName} records it: Signalbox shows its figures and counts nothing itself.
        {configured === null ? null : (
          <>
            {' '}
            The configuration has the same name, and{' '}
            <Link href={paths.slo(configured)} className="text-accent hover:underline">
              {configured}
            </Link>{' '}
            is counted.
          </>
        )}
      </p>
    </>
  );
}

function Figures({ page: { row, source } }: { page: AdoptedPage }) {
  return (
    <Panel
      title="Figures"
      note={
        <>
          recorded <TimeAgo at={row.seenAt} />
        </>
      }
    >
      <SourceNote source={source} />
      <Groups row={row} />
      {row.notes.length > 0 ? (
        <ul className="grid gap-0.5 border-line border-t px-3 py-2 text-text-2 max-sm:px-4">
          {row.notes.map((note) => (
            <li key={note} className="max-w-[92ch]">
              {note}
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

const cell = 'border-line border-b px-2 py-1.5 align-top first:pl-3 last:pr-3';

/** Every group with what it says; a figure that is missing has its reason under it. */
const Groups = ({ row }: { row: AdoptedRow }) => (
  <ScrollX label="Figures of each group">
    <table className="w-full border-collapse">
      <caption className="sr-only">Figures of each group</caption>
      <thead>
        <tr>
          <Th>Group</Th>
          <Th>Budget left</Th>
          <Th end>Burn 5 min</Th>
          <Th end>Failed share 5 min</Th>
        </tr>
      </thead>
      <tbody>
        {(row.groups.length > 0 ? row.groups : [row.worst]).map((part) => (
          <tr key={groupText(part.labels)}>
            <td className={cell}>{groupText(part.labels) || 'all'}</td>
            <td className={`${cell} min-w-44`}>
              <AdoptedBudget part={part} />
              <Why text={part.budgetLeft.why} />
            </td>
            <td className={`${cell} text-right`}>
              <AdoptedBurn part={part} />
            </td>
            <td className={`${cell} text-right`}>
              <AdoptedRatio part={part} />
              <Why text={part.ratio.why} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollX>
);

/** The dash beside it tells the same to those who hear the page. */
const Why = ({ text }: { text: string | null }) =>
  text === null ? null : (
    <span aria-hidden className="block text-meta text-text-3">
      {text}
    </span>
  );

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-meta text-text-3">{name}</dt>
    <dd className="wrap-anywhere max-w-[68ch] text-pretty">{children}</dd>
  </div>
);

const Code = ({ text }: { text: string }) => (
  <code className="wrap-anywhere flex items-start justify-between gap-2 whitespace-pre-wrap rounded-control bg-raised p-2">
    {text}
    <Copyable text={text} shown="" className="flex-none" />
  </code>
);

function Origin({ page }: { page: AdoptedPage }) {
  const { row, rules, queries, firstSeenAt } = page;
  const labels = groupText(row.labels);
  return (
    <Panel title="Method and origin">
      <dl className="grid gap-x-6 gap-y-3 p-3 max-sm:px-4 lg:grid-cols-2">
        <Fact name="Method">{row.method}</Fact>
        <Fact name="Objective">
          {row.objective === null ? 'not known' : `${row.objective}\u00a0%`}
          {row.windowWords === null ? '' : ` over ${row.windowWords}`}
        </Fact>
        <Fact name="Server">Prometheus {row.source}</Fact>
        <Fact name="Labels">{labels === '' ? 'none of its own' : labels}</Fact>
        <Fact name="Known">
          since <Time at={firstSeenAt} parts="full" className="mono" />; its rules do not say how much of the
          window they have recorded
        </Fact>
        <Fact name="Copies">{row.copies === 1 ? '1' : `${row.copies}, of each figure the worse`}</Fact>
      </dl>
      <div className="grid gap-3 border-line border-t p-3 max-sm:px-4">
        {rules.length === 0 ? (
          <p className="text-text-2">
            This server does not list the rules that record it: another one evaluates them.
          </p>
        ) : (
          rules.map((rule) => (
            <div key={`${rule.name} ${rule.query}`} className="grid gap-1">
              <span className="wrap-anywhere text-meta text-text-3">
                {rule.name} in group {rule.group}, {rule.file}
                {Object.keys(rule.labels).length === 0 ? '' : `; ${groupText(rule.labels)}`}
              </span>
              <Code text={rule.query.trim()} />
            </div>
          ))
        )}
        <details>
          <summary className="flex min-h-8 items-center text-meta text-text-2 max-sm:min-h-11">
            Where its figures are read
          </summary>
          <div className="grid gap-1">
            {queries.map((query) => (
              <Code key={query} text={query} />
            ))}
          </div>
        </details>
      </div>
    </Panel>
  );
}

/** The way into the configuration, where Signalbox counts events and prices changes. */
const Proposal = ({ page: { proposal, configured } }: { page: AdoptedPage }) => (
  <Panel title="Have it counted here">
    <div className="grid gap-2 p-3 max-sm:px-4">
      <p className="max-w-[92ch] text-text-2">
        {configured === null
          ? 'In signalbox.yaml it is counted from its events: whole numbers, a ledger of what spent the budget, and a price for every change. This page then gives way to that one.'
          : `The configuration has it as ${configured}.`}
      </p>
      {proposal.notes.map((note) => (
        <p key={note} className="max-w-[92ch]">
          {note}
        </p>
      ))}
      {proposal.yaml === null ? null : <Code text={proposal.yaml} />}
    </div>
  </Panel>
);
