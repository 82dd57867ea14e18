/** The bad days that the pretend production can play. */
export const scenarioNames = [
  'calm',
  'bad-release',
  'broken-release',
  'slow-burn',
  'prometheus-down',
  'loki-down',
  'cluster-forbidden',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** One line each, for the banner and the command line. */
export const scenarioTexts: Record<ScenarioName, string> = {
  calm: 'All is well: errors far below the objective.',
  'bad-release': 'The next version of every service fails 8 % of its requests in production.',
  'broken-release': 'The next version of every service fails 40 % of its requests in production.',
  'slow-burn': 'FraiseQL API fails 0.4 % of its requests: eight times what the budget allows.',
  'prometheus-down': 'Prometheus refuses every connection.',
  'loki-down': 'Loki answers 503 to everything.',
  'cluster-forbidden': 'The reading account of the console has lost its rights in eu-west-1.',
};

export function isScenarioName(text: string): text is ScenarioName {
  return scenarioNames.some((name) => name === text);
}
