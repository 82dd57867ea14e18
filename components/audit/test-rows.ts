import type { AuditRow } from '@/lib/audit/contract';

const hex = (seq: number) => seq.toString(16).padStart(2, '0').repeat(32).slice(0, 64);

/** An entry of the log for tests. */
export function auditRow(seq: number, part: Partial<AuditRow> = {}): AuditRow {
  return {
    seq,
    at: '2026-11-21T09:14:02.000Z',
    actor: { kind: 'person', id: '7a0f6a54-9d3f-4a8c-a64c-0f2c2f7f4f11', name: 'Ana Ribeiro' },
    via: 'web',
    action: 'change.requested',
    target: 'architect-api production us-east-1',
    change: 'c-214',
    result: 'ok',
    reason: null,
    details: {},
    leaf: hex(seq),
    previousLeaf: seq === 0 ? null : hex(seq - 1),
    ...part,
  };
}
