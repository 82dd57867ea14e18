import type { Config } from '@/lib/config/schema';
import { componentsOf } from './components';
import type { ComponentState, PublishedStatus, StatusMessageView } from './contract';
import { type DaySeconds, dayBars, uptimeOf } from './days';
import { overallSentence, shownState } from './measure';

export type StatusParts = {
  states: ReadonlyMap<string, ComponentState>;
  messages: { active: StatusMessageView[]; past: StatusMessageView[] };
  days: ReadonlyMap<string, DaySeconds[]>;
  today: string;
  /** Components that a change has put into maintenance: what fails there was meant to. */
  maintained?: ReadonlySet<string>;
  publishedAt: Date;
};

/** What the public sees, from what was measured and what was said. Nothing else goes in. */
export function composeStatus(config: Config, parts: StatusParts): PublishedStatus {
  const components = componentsOf(config).map(({ id, name, group, region }) => {
    const impacts = parts.messages.active
      .filter((message) => message.components.includes(id))
      .map(({ impact }) => impact);
    const days = parts.days.get(id) ?? [];
    return {
      id,
      name,
      group,
      region,
      state: parts.maintained?.has(id)
        ? 'under_maintenance'
        : shownState(parts.states.get(id) ?? 'unknown', impacts),
      days: dayBars(days, parts.today),
      uptime: uptimeOf(days),
    };
  });
  return {
    v: 1,
    title: config.status.title,
    publishedAt: parts.publishedAt.toISOString(),
    ...overallSentence(components.map(({ state }) => state)),
    components,
    ...parts.messages,
    demoTiming: config.timing.demo,
  };
}
