import type { Limits } from './limits';
import type { LogStore } from './store/log-store';

/** What a route works on: the store of the request's tenant, the limits and the clock. */
export type Context = { store: LogStore; limits: Limits; tenant: string; now: () => number };
