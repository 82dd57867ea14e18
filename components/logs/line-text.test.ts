import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlight, lineParts, plainLine } from './line-text';

const esc = '\u001b';
/** Other, control (but not tab), format, surrogate; the joiners of emoji are named too. */
const acts = /(?!\t)[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b-\u200d\ufeff]/u;

describe('lineParts', () => {
  it('keeps an ordinary line whole', () => {
    expect(lineParts('GET /api 200')).toEqual([
      { text: 'GET /api 200', mark: false, color: null, bold: false },
    ]);
  });

  it('turns terminal colours into meanings', () => {
    expect(lineParts(`${esc}[1;31mboom${esc}[0m after`)).toEqual([
      { text: 'boom', mark: false, color: 'crit', bold: true },
      { text: ' after', mark: false, color: null, bold: false },
    ]);
  });

  it('shows text that a terminal would hide', () => {
    expect(plainLine(`a${esc}[8msecret${esc}[0m`)).toBe('asecret');
    expect(plainLine(`${esc}[30;40mblack on black${esc}[0m`)).toBe('black on black');
  });

  it.each([
    ['clear screen', `${esc}[2Jx`, '␛[2Jx'],
    ['cursor up', `${esc}[1Ax`, '␛[1Ax'],
    ['link (OSC 8)', `${esc}]8;;https://evil.example${esc}\\text`, '␛]8;;https://evil.example␛\\text'],
    ['carriage return', 'ok\rfake', 'ok␍fake'],
    ['backspace', 'ab\bc', 'ab␈c'],
    ['new line', 'a\nb', 'a↵b'],
    ['null', 'a\0b', 'a␀b'],
    ['delete', 'a\u007fb', 'a␡b'],
    ['C1 control', 'a\u009bb', 'a⟨009B⟩b'],
    ['right-to-left override', 'exe.\u202egpj', 'exe.⟨RLO⟩gpj'],
    ['isolate', '\u2066a\u2069', '⟨LRI⟩a⟨PDI⟩'],
    ['zero width', 'ad\u200bmin', 'ad⟨ZWSP⟩min'],
    ['tag characters', 'a\u{e0041}b', 'a⟨E0041⟩b'],
    ['lone surrogate', 'a\ud800b', 'a⟨D800⟩b'],
  ])('%s becomes visible', (_, line, shown) => {
    expect(plainLine(line)).toBe(shown);
  });

  it('leaves letters of every script and emoji alone', () => {
    const line = 'Grüße 東京 مرحبا 🚂';
    expect(plainLine(line)).toBe(line);
  });

  it('never lets a control or bidirectional character through', () => {
    let cases = 0;
    const nasty = fc.constantFrom(
      esc,
      `${esc}[31m`,
      `${esc}[`,
      '\u202e',
      '\r',
      '\u0085',
      'a',
      '<b>',
      ';',
      'm',
      '\u2028',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' })), { maxLength: 30 }), (pieces) => {
        cases += 1;
        expect([...plainLine(pieces.join(''))].filter((each) => acts.test(each))).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(cases).toBe(400);
  });
});

describe('highlight', () => {
  it('cuts at each hit, whatever its case', () => {
    expect(highlight('Pool of the pool', 'POOL')).toEqual([
      { text: 'Pool', hit: true },
      { text: ' of the ', hit: false },
      { text: 'pool', hit: true },
    ]);
  });
  it('loses nothing', () => {
    let cases = 0;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 3 }), (text, search) => {
        cases += 1;
        expect(
          highlight(text, search)
            .map((cut) => cut.text)
            .join(''),
        ).toBe(text);
      }),
      { numRuns: 500 },
    );
    expect(cases).toBe(500);
  });
});
