import type { ComponentState, PublishedStatus, StatusMessageView } from './contract';

type Indicator = 'none' | 'minor' | 'major' | 'critical' | 'maintenance';

const indicators: Record<ComponentState, Indicator> = {
  operational: 'none',
  unknown: 'none',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
  under_maintenance: 'maintenance',
};

const pageId = 'signalbox';

/** One message as an incident of the public Statuspage API (W-16). */
function incident(message: StatusMessageView, url: string, status: PublishedStatus) {
  const newest = message.updates[0];
  const monitoring = message.updates.find(({ state }) => state === 'monitoring');
  return {
    id: message.id,
    name: message.title,
    status: message.state,
    impact: message.impact,
    shortlink: `${url}#${message.id}`,
    page_id: pageId,
    created_at: message.createdAt,
    updated_at: newest?.at ?? message.createdAt,
    started_at: message.createdAt,
    monitoring_at: monitoring?.at ?? null,
    resolved_at: message.resolvedAt,
    components: status.components.filter(({ id }) => message.components.includes(id)).map(component(status)),
    incident_updates: message.updates.map((update) => ({
      id: update.id,
      incident_id: message.id,
      status: update.state,
      body: update.body,
      created_at: update.at,
      updated_at: update.at,
      display_at: update.at,
      deliver_notifications: false,
      affected_components: null,
    })),
  };
}

/** A component as W-15 has it; what was not measured is not claimed to be anything else than operational there. */
const component = (status: PublishedStatus) => (one: PublishedStatus['components'][number]) => ({
  id: one.id,
  name: one.name,
  description: one.state === 'unknown' ? 'The state could not be measured.' : null,
  status: one.state === 'unknown' ? 'operational' : one.state,
  created_at: status.publishedAt,
  updated_at: status.publishedAt,
  position: status.components.indexOf(one) + 1,
  showcase: true,
  start_date: one.days.find(({ uptime }) => uptime !== null)?.day ?? null,
  group: false,
  group_id: null,
  page_id: pageId,
  only_show_if_degraded: false,
});

/** /api/v2/summary.json of a Statuspage (W-14 to W-16), so that existing readers understand it. */
export function summaryOf(status: PublishedStatus, url: string) {
  return {
    page: {
      id: pageId,
      name: status.title,
      url,
      time_zone: 'Etc/UTC',
      updated_at: status.publishedAt,
    },
    status: { indicator: indicators[status.overall], description: status.sentence },
    components: status.components.map(component(status)),
    incidents: status.active
      .filter(({ impact }) => impact !== 'maintenance')
      .map((message) => incident(message, url, status)),
    scheduled_maintenances: status.active
      .filter(({ impact }) => impact === 'maintenance')
      .map((message) => ({
        ...incident(message, url, status),
        status: message.state === 'resolved' ? 'completed' : 'in_progress',
        scheduled_for: message.createdAt,
        scheduled_until: null,
      })),
  };
}
