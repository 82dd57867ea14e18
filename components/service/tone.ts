import type { Tone } from '@/components/ui/state';
import type { FiringAlert, ServiceState } from '@/lib/service/contract';

export const serviceTone: Record<ServiceState, Tone> = {
  down: 'crit',
  'burning-fast': 'crit',
  'burning-slow': 'warn',
  degraded: 'warn',
  'no-data': 'unknown',
  deploying: 'info',
  healthy: 'ok',
};

export const serviceWord: Record<ServiceState, string> = {
  down: 'Down',
  'burning-fast': 'Burning fast',
  'burning-slow': 'Burning slow',
  degraded: 'Degraded',
  'no-data': 'No data',
  deploying: 'Deploying',
  healthy: 'Healthy',
};

export const severityTone: Record<FiringAlert['severity'], Tone> = {
  critical: 'crit',
  warning: 'warn',
  info: 'info',
  unknown: 'unknown',
};
