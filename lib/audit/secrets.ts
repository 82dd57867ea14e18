const censored = '[redacted]';

/** Shapes that a secret has whoever typed it: they are taken out of free text before it is recorded for ever. */
const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, censored],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, censored],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${censored}`],
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,100}:)[^\s@/]{1,200}@/gi, `$1${censored}@`],
  [/\b(password|passwd|secret|token|api[-_ ]?key)(\s*[=:]\s*)\S+/gi, `$1$2${censored}`],
  [/\bsbx_[0-9a-f]{32}_[\w-]+/g, censored],
  [/\$argon2\w*\$\S+/g, censored],
];

/** Free text without what looks like a password, key or token. */
export function withoutSecrets(text: string): string {
  return shapes.reduce((clean, [shape, replacement]) => clean.replace(shape, replacement), text);
}
