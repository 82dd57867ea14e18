import 'server-only';
import { z } from 'zod';
import type { HttpSource } from '@/lib/config/sources';
import { parseJson, sourceFetch } from '../http';
import { SourceError, statusError } from '../source-error';
import { prometheusName } from './client';
import type { Selector } from './queries';
import { ErrorAnswer } from './schema';

const Values = z.object({ status: z.literal('success'), data: z.array(z.string()).nullable() });
const BuildInfo = z.object({ data: z.object({ version: z.string() }) });
const Flags = z.object({ data: z.object({ 'enable-feature': z.string().optional() }) });

/** What Prometheus says about a bad question; nothing where a proxy answered in its place. */
function errorText(text: string): string | undefined {
  try {
    return ErrorAnswer.parse(JSON.parse(text)).error;
  } catch {
    return undefined;
  }
}

async function read<T>(
  source: HttpSource,
  path: string,
  query: Record<string, string | string[]>,
  schema: z.ZodType<T>,
  signal?: AbortSignal,
): Promise<T> {
  const name = prometheusName(source);
  const answer = await sourceFetch(source, { path, query, name, signal });
  if (answer.status !== 200) {
    throw statusError(name, answer.status, errorText(answer.text));
  }
  const parsed = schema.safeParse(parseJson(answer.text, name));
  if (parsed.success) return parsed.data;
  throw new SourceError('bad-response', `${name} answered in a form that is not Prometheus's.`, {
    cause: parsed.error,
  });
}

/**
 * The values that a label has on the series of a selector (all series without one), between two times in unix
 * seconds; sorted. The head block answers for its whole span, so values may be a few hours older than `from`.
 * Throws SourceError.
 */
export async function labelValues(
  source: HttpSource,
  label: string,
  ask: { of?: Selector; from: number; to: number },
): Promise<string[]> {
  const path = `/api/v1/label/${encodeURIComponent(label)}/values`;
  const match = ask.of === undefined ? {} : { 'match[]': ask.of.text };
  const query = { ...match, start: String(ask.from), end: String(ask.to) };
  return (await read(source, path, query, Values)).data ?? [];
}

/** The version of the server, such as 2.42.0; and its feature flags, null where it does not tell them. */
export async function serverFeatures(
  source: HttpSource,
): Promise<{ version: string; features: string[] | null }> {
  const { data } = await read(source, '/api/v1/status/buildinfo', {}, BuildInfo);
  try {
    const flags = await read(source, '/api/v1/status/flags', {}, Flags);
    return {
      version: data.version,
      features: (flags.data['enable-feature'] ?? '').split(',').filter((one) => one !== ''),
    };
  } catch (error) {
    if (error instanceof SourceError) return { version: data.version, features: null };
    throw error;
  }
}

const Rule = z.object({
  name: z.string(),
  query: z.string(),
  labels: z.record(z.string(), z.string()).optional(),
  health: z.string(),
  lastError: z.string().optional(),
  lastEvaluation: z.string().optional(),
});
const RuleGroups = z.object({
  data: z.object({
    groups: z.array(z.object({ name: z.string(), file: z.string(), rules: z.array(Rule) })),
  }),
});
export type RecordingRule = z.infer<typeof Rule> & { group: string; file: string };

/**
 * The recording rules of these names with the group and file they stand in. Versions before 2.46 do not know the
 * filter by name and answer with all of them. Throws SourceError.
 */
export async function recordingRules(
  source: HttpSource,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<RecordingRule[]> {
  const query = { type: 'record', 'rule_name[]': [...names] };
  const { data } = await read(source, '/api/v1/rules', query, RuleGroups, signal);
  return data.groups.flatMap(({ name: group, file, rules }) =>
    rules.filter(({ name }) => names.includes(name)).map((rule) => ({ ...rule, group, file })),
  );
}
