import type { Config } from '@/lib/config/schema';
import type { Service } from '@/lib/config/service';
import type { Slo } from '@/lib/config/slo';
import { durationText } from '../define/slo-form';

export type Labels = Record<string, string>;
export type Rule =
  | { record: string; expr: string; labels: Labels }
  | { alert: string; expr: string; for?: string; labels: Labels; annotations: Labels };
export type RuleGroup = { name: string; interval: string; rules: Rule[] };

/** The Prometheus that shall load the rules. */
export type Server = { version: string; features: string[] };

export type ObjectiveAsk = {
  config: Config;
  service: Service;
  slo: Slo;
  environment: string;
  server: Server;
  /** Only what this source answers for; null for all of them. */
  source: string | null;
  /** Where people reach the console, without a slash at its end; null when that is not known. */
  baseUrl: string | null;
};

/** `30d`, or `a calendar month (Europe/Berlin)`. */
export const windowText = ({ window }: Pick<Slo, 'window'>): string =>
  window.kind === 'rolling' ? durationText(window.seconds) : `a calendar ${window.unit} (${window.zone})`;
