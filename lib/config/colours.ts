/** The two Deployments that take turns in serving one placement (change-engine.md 2.3: no overwrite). */
export const colours = ['blue', 'green'] as const;
export type Colour = (typeof colours)[number];
export const otherColour = (colour: Colour): Colour => (colour === 'blue' ? 'green' : 'blue');
