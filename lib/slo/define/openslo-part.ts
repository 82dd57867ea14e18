import type { SloForm } from './slo-form';

/** What reading a part of an SLO gives: keys of the form, with what is said beside them, or why it is refused. */
export type Part = { ok: true; form: Partial<SloForm>; notes: string[] } | { ok: false; says: string };

export const taken = (form: Partial<SloForm>, notes: string[] = []): Part => ({ ok: true, form, notes });
export const refused = (says: string): Part => ({ ok: false, says });
