'use client';

import { BellOff } from 'lucide-react';
import Link from 'next/link';
import { EmptyState } from '@/components/ui/empty-state';
import { StateGlyph } from '@/components/ui/state';
import { TimeAgo, TimeLeft } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import type { FiringAlert } from '@/lib/service/contract';
import { severityTone } from './tone';

/** Firing alerts, worst first; a silenced one stays, quiet, with who silenced it. */
export function AlertList({ alerts, showService }: { alerts: FiringAlert[]; showService: boolean }) {
  if (alerts.length === 0) {
    return (
      <EmptyState
        title="No alert fires"
        why="Alertmanager answers and holds no firing alert for this view."
      />
    );
  }
  return (
    <ul>
      {alerts.map((alert) => (
        <AlertItem key={alert.fingerprint} alert={alert} showService={showService} />
      ))}
    </ul>
  );
}

function AlertItem({ alert, showService }: { alert: FiringAlert; showService: boolean }) {
  const quiet = alert.silences.length > 0 || alert.inhibited;
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)_auto] gap-x-2 border-line border-b px-3 py-2 last:border-b-0 max-sm:px-4">
      {quiet ? (
        <BellOff aria-hidden className="mt-0.5 size-4 text-text-3" />
      ) : (
        <StateGlyph tone={severityTone[alert.severity]} className="mt-0.5" />
      )}
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{alert.name}</span>
          <span className="text-meta text-text-3">{alert.severity}</span>
          {showService && alert.service ? (
            <Link
              href={paths.service(alert.service, alert.region ? { region: alert.region } : {})}
              className="text-meta text-accent hover:underline"
            >
              {alert.service} {alert.region}
            </Link>
          ) : null}
        </p>
        <p className="text-text-2">{alert.summary}</p>
        {alert.silences.map((silence) => (
          <p key={silence.id} className="text-meta text-text-3">
            Silenced by {silence.createdBy}, <TimeLeft at={silence.endsAt} /> left: {silence.comment}
          </p>
        ))}
        {alert.inhibited && alert.silences.length === 0 ? (
          <p className="text-meta text-text-3">Inhibited by another alert</p>
        ) : null}
        {alert.runbook ? (
          <a
            href={alert.runbook}
            target="_blank"
            rel="noopener noreferrer"
            className="text-meta text-accent hover:underline"
          >
            Runbook
          </a>
        ) : null}
      </div>
      <TimeAgo at={alert.since} suffix="" className="text-meta text-text-3" />
    </li>
  );
}
