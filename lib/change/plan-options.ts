import 'server-only';
import { config } from '@/lib/config/load';

/** What can be chosen on the plan page: every service with the places it runs in, and how each can be changed. */
export function planOptions() {
  const { services, environments, strategies, timing, databases } = config();
  return {
    environments: environments.map(({ id, name }) => ({ id, name })),
    services: services.map((service) => ({
      id: service.id,
      name: service.name,
      canMigrate: service.migration !== undefined,
      canMaintain: service.maintenance !== undefined,
      placements: Object.entries(service.placements).flatMap(([environment, placements]) =>
        placements.map(({ region, pair }) => ({
          environment,
          region,
          traffic: pair?.traffic.kind ?? null,
          databases: databases.flatMap((one) =>
            one.service === service.id && one.environment === environment && one.region === region
              ? [{ id: one.id, name: one.name }]
              : [],
          ),
        })),
      ),
    })),
    strategies: {
      canary: strategies.canary,
      gradual: strategies.gradual,
      watchSeconds: timing.watch,
    },
  };
}
