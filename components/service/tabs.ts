/** The parts of a service page; the URL says which is open. */
export const serviceTabs = ['overview', 'indicators', 'workloads', 'database', 'changes', 'alerts'] as const;
export type ServiceTab = (typeof serviceTabs)[number];
