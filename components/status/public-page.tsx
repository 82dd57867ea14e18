import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import { StateGlyph, StateText, type Tone } from '@/components/ui/state';
import { paths } from '@/lib/core/paths';
import type { PublishedStatus, StatusComponent, StatusMessageView } from '@/lib/status/contract';
import { HistoryBars, HistoryKey } from './history-bars';
import { MessageView } from './message-view';
import { formatUptime, fullTime, stateTone, stateWord } from './words';

const box: Record<Tone, string> = {
  ok: 'border-line',
  info: 'border-info/40 bg-info-wash',
  warn: 'border-warn/40 bg-warn-wash',
  crit: 'border-crit/40 bg-crit-wash',
  hold: 'border-hold/40 bg-hold-wash',
  unknown: 'border-line-strong border-dashed',
};

/** Published every half minute while the worker runs; ten missed rounds are not a hiccup any more. */
const oldAfter = 5 * 60_000;

const Banner = ({ tone, sentence, children }: { tone: Tone; sentence: string; children: ReactNode }) => (
  <div className={cx('flex gap-4 rounded-panel border bg-surface p-4 sm:px-5 sm:py-4.5', box[tone])}>
    <StateGlyph tone={tone} className="mt-0.5 size-6" />
    <div className="min-w-0">
      <p className="text-pretty font-semibold text-page tracking-tight">{sentence}</p>
      <div className="mt-0.5 text-body text-text-2">{children}</div>
    </div>
  </div>
);

/**
 * What the public sees, made from the published files alone: it needs no database, no cookie and no script.
 * `now` tells whether what was published is still current.
 */
export function PublicPage({ status, now }: { status: PublishedStatus | null; now: Date }) {
  if (status === null) {
    return (
      <Banner tone="unknown" sentence="The state of the services is not known">
        <p>
          Nothing has been published yet, or it cannot be read now. This page shows it as soon as it is there.
        </p>
      </Banner>
    );
  }
  const old = now.getTime() - Date.parse(status.publishedAt) > oldAfter;
  const names = new Map(status.components.map((component) => [component.id, component.name]));
  return (
    <>
      <Banner
        tone={old ? 'unknown' : stateTone[status.overall]}
        sentence={old ? 'What is shown here is old' : status.sentence}
      >
        {old ? <p>The last word was: {status.sentence}</p> : null}
        <p>
          As of <time dateTime={status.publishedAt}>{fullTime(status.publishedAt)}</time>.
          {old
            ? ' No measurement has reached this page since then; the services may be better or worse.'
            : null}
        </p>
      </Banner>
      <Messages title="Now" messages={status.active} names={names} />
      <Components components={status.components} />
      <Past messages={status.past} names={names} />
    </>
  );
}

/** Under the heading of its group a system needs only the rest of its name. */
const shortName = ({ name, group }: StatusComponent): string =>
  name.startsWith(`${group}, `) ? name.slice(group.length + 2) : name;

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="mt-8">
    <h2 className="mb-3 font-semibold text-section">{title}</h2>
    {children}
  </section>
);

const card = 'rounded-panel border border-line bg-surface px-4 py-3.5 sm:px-5';

type MessagesProps = { title: string; messages: StatusMessageView[]; names: ReadonlyMap<string, string> };

function Messages({ title, messages, names }: MessagesProps) {
  if (messages.length === 0) return null;
  return (
    <Section title={title}>
      <div className="grid gap-3">
        {messages.map((message) => (
          <div key={message.id} className={card}>
            <MessageView message={message} names={names} />
          </div>
        ))}
      </div>
    </Section>
  );
}

function Past({ messages, names }: Omit<MessagesProps, 'title'>) {
  if (messages.length > 0) return <Messages title="Past messages" messages={messages} names={names} />;
  return (
    <Section title="Past messages">
      <p className="text-body text-text-2">No earlier message is kept.</p>
    </Section>
  );
}

function Components({ components }: { components: StatusComponent[] }) {
  const groups = Map.groupBy(components, (component) => component.group);
  return (
    <Section title="Systems">
      {components.length === 0 ? (
        <p className="text-body text-text-2">No system is listed on this page yet.</p>
      ) : (
        <div className="rounded-panel border border-line bg-surface">
          {[...groups].map(([group, members]) => (
            <div key={group} className="border-line border-b [&:nth-last-child(2)]:border-b-0">
              <h3 className="px-4 pt-3 text-text-3 sm:px-5">{group}</h3>
              <ul>
                {members.map((component) => (
                  <Component key={component.id} component={component} />
                ))}
              </ul>
            </div>
          ))}
          <p aria-hidden className="flex justify-between px-4 pb-3 text-axis text-text-3 sm:px-5">
            <span className="max-sm:hidden">90 days ago</span>
            <span className="sm:hidden">30 days ago</span>
            <span>today</span>
          </p>
        </div>
      )}
      <div className="mt-3">
        <HistoryKey />
      </div>
      <Method />
    </Section>
  );
}

function Component({ component }: { component: StatusComponent }) {
  const { name, region, state, uptime, days } = component;
  const shown = shortName(component);
  return (
    <li className="px-4 py-2.5 sm:px-5">
      <div className="mb-1.5 flex flex-wrap items-center gap-x-3">
        <span className="font-medium text-body">{shown}</span>
        {shown.includes(region) ? null : <span className="mono text-text-3">{region}</span>}
        <StateText tone={stateTone[state]}>{stateWord[state]}</StateText>
        <span className="ml-auto text-text-2">
          {uptime === null ? 'Uptime not measured' : `${formatUptime(uptime)} uptime`}
        </span>
      </div>
      <HistoryBars name={name} days={days} />
    </li>
  );
}

const Method = () => (
  <details className="mt-3 text-body text-text-2">
    <summary className="inline-block min-h-6 text-accent leading-6 hover:underline max-sm:min-h-11 max-sm:leading-11">
      How we measure
    </summary>
    <div className="grid max-w-[68ch] gap-2 pt-1">
      <p>
        Each system is measured by the requests of the people who use it, in each region by itself. A bar is
        one day in UTC and shows the worst state that lasted for a minute or more on it; a dashed bar is a day
        that nothing was measured on.
      </p>
      <p>
        Uptime is the share of the measured time of the last 90 days without an outage. Time that was not
        measured counts neither for nor against it, and the figure is cut, never rounded up.
      </p>
      <p>People write the messages. Measurement proposes a state; it never hides or changes a message.</p>
    </div>
  </details>
);

/** Where programs read the same. */
export const PublicFooter = () => (
  <footer className="mt-10 flex flex-wrap gap-x-5 border-line border-t pt-3 text-text-2">
    {[
      { label: 'Feed', href: paths.statusFeed() },
      { label: 'summary.json', href: paths.statusSummary() },
    ].map(({ label, href }) => (
      <a
        key={href}
        href={href}
        className="inline-flex min-h-6 items-center text-accent hover:underline max-sm:min-h-11"
      >
        {label}
      </a>
    ))}
    <span className="ml-auto inline-flex min-h-6 items-center text-text-3 max-sm:min-h-11">
      All times are UTC
    </span>
  </footer>
);
