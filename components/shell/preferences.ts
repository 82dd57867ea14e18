/** What a person set for this browser: read by the server from cookies, so that the first paint is right. */
export const preferenceCookies = {
  theme: 'sb-theme',
  zone: 'sb-zone',
  environment: 'sb-environment',
} as const;
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const zones = ['utc', 'local'] as const;
export type Zone = (typeof zones)[number];

const oneYear = 60 * 60 * 24 * 365;

/** Writes a preference in the browser. */
export function keepPreference(name: keyof typeof preferenceCookies, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox
  document.cookie = `${preferenceCookies[name]}=${encodeURIComponent(value)}; path=/; max-age=${oneYear}; samesite=lax`;
}

export const themeOf = (value: string | undefined): Theme =>
  themes.find((theme) => theme === value) ?? 'system';
export const zoneOf = (value: string | undefined): Zone => zones.find((zone) => zone === value) ?? 'utc';
