import { createHash } from 'node:crypto';

/** Marks that replace pods and change nothing about them: that of a restart here, and that of `kubectl rollout restart`. */
const restartMarks: readonly string[] = ['signalbox.dev/restart', 'kubectl.kubernetes.io/restartedAt'];
/** What a ReplicaSet adds to the template that it was made from. */
const hashLabel = 'pod-template-hash';
/** Deeper values are of no pod template, and are not told apart. */
const DEPTH_MAX = 64;

type Members = Record<string, unknown>;
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without these keys; undefined when nothing is left, since an empty map is as good as none. */
function without(members: unknown, keys: readonly string[]): Members | undefined {
  if (!isObject(members)) return undefined;
  const left = Object.entries(members).filter(([key, value]) => !keys.includes(key) && value !== null);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** JSON with sorted keys and without null members: two reads of the same thing are the same text. */
function sorted(value: unknown, depth = 0): string {
  if (depth > DEPTH_MAX) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => sorted(item, depth + 1)).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${sorted(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

/**
 * What a pod template brings, as a SHA-256 in hex: image and settings, but no mark of a restart. A restart makes a
 * ReplicaSet of its own and no other release. Null for what is no template.
 */
export function releaseOf(template: unknown): string | null {
  if (!isObject(template) || !isObject(template['spec'])) return null;
  const metadata = isObject(template['metadata']) ? template['metadata'] : {};
  const bare = {
    ...template,
    metadata: without(
      {
        ...metadata,
        labels: without(metadata['labels'], [hashLabel]) ?? null,
        annotations: without(metadata['annotations'], restartMarks) ?? null,
      },
      [],
    ),
  };
  return createHash('sha256').update(sorted(bare), 'utf8').digest('hex');
}
