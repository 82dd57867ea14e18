import { roleNames } from '@/lib/access/model';
import type { GateView } from './contract';

/** The answer in lines for a terminal: the verdict alone in the first, then why, then each objective. */
export function gateText(gate: GateView): string {
  const roles = gate.signOffs.map((role) => roleNames[role]).join(', ');
  const lines = [
    gate.verdict,
    gate.sentence,
    ...(gate.next === null ? [] : [gate.next]),
    ...(roles === '' ? [] : [`More sign-offs: ${roles}`]),
    ...gate.objectives.map(
      ({ verdict, sentence, objective, window, asOf }) =>
        `${verdict}: ${sentence} Objective ${objective} % over ${window}, as of ${asOf ?? 'never'}.`,
    ),
    `Answered at ${gate.at} for ${gate.service} in ${gate.environment}; see ${gate.href}`,
  ];
  return `${lines.join('\n')}\n`;
}
