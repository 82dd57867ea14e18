import type { DeployPlan } from '../contract';

const PATIENCE_MS = 1000;

/** What was read, or `otherwise` when a rollback would have to wait for it: its plan needs no metrics and no alerts. */
export async function soon<T>(
  { kind }: Pick<DeployPlan, 'kind'>,
  read: Promise<T>,
  otherwise: T,
): Promise<T> {
  if (kind !== 'rollback') return read;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}
