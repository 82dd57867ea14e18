'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { formatRatio } from '@/components/ui/number-text';
import { Skeleton } from '@/components/ui/skeleton';
import { StateGlyph, StateText, type Tone, toneText } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import { roleNames } from '@/lib/access/model';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { gateQuery } from '@/lib/slo/gate/client';
import type { GateObjectiveView, GateView } from '@/lib/slo/gate/contract';
import { leftText } from '@/lib/slo/gate/left-text';
import type { GateVerdict } from '@/lib/slo/gate/model';

const tones: Record<GateVerdict, Tone> = { open: 'ok', 'sign-offs': 'hold', closed: 'crit' };
const words: Record<GateVerdict, string> = { open: 'Open', 'sign-offs': 'More sign-offs', closed: 'Closed' };

/** Whether the error budget lets a deploy of a service go its usual way: one line, with its figures behind it. */
export function GateLine({ service, environment }: { service: string; environment: string }) {
  const { data, error } = useQuery(gateQuery(service, environment));
  if (data) return <Answer gate={data} isOld={error !== null} />;
  if (error === null) return <Skeleton className="mt-2 h-5 w-96 max-w-full" />;
  const { detail } = toProblem(error);
  return (
    <p className="mt-2 text-text-2">
      <StateGlyph tone="unknown" className="-mt-0.5 mr-1.5 inline-block" />
      Whether the error budget allows a deploy cannot be read: {detail}
    </p>
  );
}

/** Open although nobody knows the budget: a policy may allow that, and it is no sign of health. */
const isBlind = ({ verdict, basis, objectives }: GateView): boolean =>
  verdict === 'open' && basis === 'budget' && objectives.some(({ unknown }) => unknown !== null);

const leadOf = (gate: GateView): string => {
  const { verdict, signOffs } = gate;
  if (isBlind(gate)) return 'Deploy gate open, budget not known.';
  if (verdict === 'open') return 'Deploy gate open.';
  if (verdict === 'closed') return 'Deploy gate closed.';
  return `A deploy needs ${signOffs.length} more sign-off${signOffs.length === 1 ? '' : 's'}.`;
};

function Answer({ gate, isOld }: { gate: GateView; isOld: boolean }) {
  const { verdict, basis, reason, objectives, at } = gate;
  if (basis === 'no-policy') return <p className="mt-2 text-text-3">{reason}</p>;
  const tone = isBlind(gate) ? 'unknown' : tones[verdict];
  const line = (
    <>
      <StateGlyph tone={tone} className="-mt-0.5 mr-1.5 inline-block" />
      <b className={tone === 'ok' ? 'font-medium' : `font-medium ${toneText[tone]}`}>{leadOf(gate)}</b>{' '}
      <span className="text-text-2">{reason}</span>
      {isOld ? (
        <span className="text-warn">
          {' '}
          Not refreshed, as of <TimeAgo at={at} />
        </span>
      ) : null}
    </>
  );
  if (objectives.length === 0) return <p className="mt-2">{line}</p>;
  return (
    <details className="mt-2 max-w-[110ch]" data-testid="gate">
      <summary className="cursor-pointer text-pretty">{line}</summary>
      <Evidence gate={gate} />
    </details>
  );
}

function Evidence({ gate }: { gate: GateView }) {
  const { verdict, signOffs, next, policy, objectives } = gate;
  return (
    <div className="mt-2 grid gap-2 rounded-panel border border-line bg-surface p-3">
      {signOffs.length === 0 ? null : (
        <p>
          Beside the usual sign-offs:{' '}
          <span className="font-medium">{signOffs.map((role) => roleNames[role]).join(', ')}</span>
        </p>
      )}
      {verdict === 'closed' ? <p>{next}</p> : null}
      <ul className="grid gap-2">
        {objectives.map((one) => (
          <Objective key={one.id} one={one} />
        ))}
      </ul>
      <p className="text-meta text-text-3">
        Policy {policy}, all regions together. Going back to a version that ran before never waits for the
        error budget.
      </p>
    </div>
  );
}

const leftOf = ({ budgetLeft, below, unknown }: GateObjectiveView): string => {
  if (budgetLeft === null) return 'budget not known';
  return `${leftText(budgetLeft, below)} left${unknown === null ? '' : ' by what is recorded'}`;
};

function Objective({ one }: { one: GateObjectiveView }) {
  return (
    <li className="grid items-start gap-x-3 sm:grid-cols-[130px_minmax(0,1fr)]">
      <StateText tone={one.verdict === 'open' && one.unknown !== null ? 'unknown' : tones[one.verdict]}>
        {words[one.verdict]}
      </StateText>
      <div className="min-w-0">
        <p>
          <Link href={paths.slo(one.id)} className="text-accent hover:underline">
            {one.name}
          </Link>
          {': '}
          {leftOf(one)}
          {one.below === null ? null : `, below the level of ${one.below} %`}
        </p>
        {one.unknown === null ? null : <p className="text-text-2">{one.unknown}</p>}
        <p className="text-meta text-text-3">
          Objective {one.objective} % over {one.window}, {formatRatio(one.coverage)} of it recorded,{' '}
          {one.asOf === null ? (
            'never read'
          ) : (
            <>
              as of <TimeAgo at={one.asOf} />
            </>
          )}
        </p>
      </div>
    </li>
  );
}
