import { RequestPlan } from '@/lib/change/contract';

/** What is wrong with what was typed; nothing yet is not an error. */
export function errorOf(input: RequestPlan): string | null {
  const typed = {
    deploy: () => input.kind === 'deploy' && input.version,
    rollback: () => false,
    shift: () => true,
    scale: () => input.kind === 'scale' && input.replicas !== 0,
    restart: () => false,
    'set-env': () => input.kind === 'set-env' && input.name,
    backup: () => false,
    'end-session': () => false,
    restore: () => false,
  }[input.kind]();
  if (!typed) return null;
  const parsed = RequestPlan.safeParse(input);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'is not valid');
}
