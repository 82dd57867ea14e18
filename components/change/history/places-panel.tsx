'use client';

import Link from 'next/link';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { reasonWords } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import type { PlaceNow, RunningVersion } from '@/lib/change/history/contract';
import { paths } from '@/lib/core/paths';

// Rows of one place share their first cells, so that the first cell of a row is not always that of the table.
const cell = 'border-line border-b px-2 py-1.5 align-top last:pr-3';

/** Every place of a service with the versions that its cluster shows, since when, and by which change. */
export function PlacesPanel({ places }: { places: readonly PlaceNow[] }) {
  return (
    <Panel title="What runs where" note="by the clusters, in every environment">
      {places.length === 0 ? (
        <EmptyState title="It runs nowhere" why="signalbox.yaml names no placement of this service." />
      ) : (
        <ScrollX label="What runs where">
          <table className="w-full min-w-150 border-collapse">
            <caption className="sr-only">What runs where</caption>
            <thead>
              <tr>
                <Th>Environment</Th>
                <Th>Region</Th>
                <Th>Version</Th>
                <Th end>Pods ready</Th>
                <Th>Since</Th>
                <Th className="w-full">By</Th>
              </tr>
            </thead>
            {places.map((place) => (
              <tbody key={`${place.environment} ${place.region}`}>
                <PlaceLines place={place} />
              </tbody>
            ))}
          </table>
        </ScrollX>
      )}
    </Panel>
  );
}

function PlaceLines({ place }: { place: PlaceNow }) {
  const { environment, region, running, desired } = place;
  const head = (rows: number) => (
    <>
      <th
        scope="rowgroup"
        rowSpan={rows}
        className={cx(cell, 'whitespace-nowrap pl-3 text-left font-normal')}
      >
        {environment}
      </th>
      <td rowSpan={rows} className={cx(cell, 'mono whitespace-nowrap')}>
        {region}
      </td>
    </>
  );
  if (running.state === 'missing') {
    return (
      <tr>
        {head(1)}
        <td colSpan={4} className={cell}>
          <StateText tone="unknown">No data</StateText>{' '}
          <span className="text-text-2">{running.detail ?? reasonWords[running.reason]}</span>
        </td>
      </tr>
    );
  }
  const versions = running.value;
  if (versions.length === 0) {
    return (
      <tr>
        {head(1)}
        <td colSpan={4} className={cx(cell, 'text-text-2')}>
          No pods run
          {desired === 0
            ? ', as asked for: it is scaled to 0.'
            : `, of ${desired ?? 'an unknown number'} asked for.`}
          <Old running={running} />
        </td>
      </tr>
    );
  }
  return versions.map((version, index) => (
    <tr
      key={`${version.colour} ${version.version}`}
      className={running.state === 'stale' ? 'text-text-3' : undefined}
    >
      {index === 0 ? head(versions.length) : null}
      <td className={cx(cell, 'mono whitespace-nowrap')}>
        {version.version}
        <Colour version={version} />
        {index === 0 ? <Old running={running} /> : null}
      </td>
      <td
        className={cx(
          cell,
          'whitespace-nowrap text-right',
          version.ready < version.pods && 'font-semibold text-warn',
        )}
      >
        {version.ready} of {version.pods}
        {index === 0 && desired !== null && versions.length === 1 && version.pods !== desired ? (
          <span className="block text-meta">{desired} asked for</span>
        ) : null}
      </td>
      <By version={version} />
    </tr>
  ));
}

/** Which of two Deployments it is, and while both take requests how many. */
function Colour({ version: { colour, share } }: { version: RunningVersion }) {
  if (colour === null) return null;
  const part = share === null || share === 1 ? '' : `, ${Math.round(share * 1000) / 10} % of the requests`;
  return <span className="block font-sans text-meta text-text-3">{`${colour}${part}`}</span>;
}

function By({ version: { by, unexplained } }: { version: RunningVersion }) {
  if (by === null) {
    return (
      <>
        <td className={cx(cell, 'text-text-3')}>not known</td>
        <td className={cx(cell, 'text-pretty text-text-2')}>{unexplained}</td>
      </>
    );
  }
  return (
    <>
      <td className={cx(cell, 'whitespace-nowrap')}>
        <Time at={by.since} parts="short" className="mono" />
        <span className="block text-meta text-text-3">
          <TimeAgo at={by.since} />
        </span>
      </td>
      <td className={cx(cell, 'min-w-60')}>
        <Link href={paths.change(by.id)} className="font-medium hover:underline">
          {by.title} <span className="mono font-normal text-text-3">{by.id}</span>
        </Link>
        <span className="block text-meta text-text-3">
          {by.requesterName}
          {by.isRunning ? ', not ended yet' : ''}
        </span>
      </td>
    </>
  );
}

/** Since when the cluster was not read, and why. */
function Old({ running }: { running: PlaceNow['running'] }) {
  if (running.state !== 'stale') return null;
  return (
    <span className="block w-56 whitespace-normal font-sans text-meta">
      <StateText tone="warn">Stale</StateText> as of <Time at={running.observedAt} />:{' '}
      {running.detail ?? reasonWords[running.reason]}
    </span>
  );
}
