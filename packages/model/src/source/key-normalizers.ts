/**
 * Normalizers: what is alike although it is written differently, where rows are compared with resources to find theirs.
 *
 * Each is a few steps, said as data: they are carried out here, and the engine makes SQL of the same steps. A pattern is one that both
 * languages read alike: no `\s`, no `\w`, no classes by name.
 *
 * @module
 */

/** In the order in which they are carried out, whatever order a rule lists them in. */
export const normalizers = [
  /** Composed and decomposed characters are the same (Unicode form NFC). */
  'nfc',
  /** Likewise, and so are characters that only look different: full-width letters, ligatures, superscripts (NFKC). */
  'nfkc',
  /** Blanks around it do not count, several are as good as one, and characters without width are none. */
  'blanks',
  /** Letters without their accents: `é` is `e`, `ø` is `o`, `ß` is `ss`. */
  'accents',
  /** Small and capital letters are the same: Latin, Greek, Cyrillic, Armenian. */
  'case',
  /** A serial number: without separators and a leading `S/N`, in capitals. */
  'serial',
  /** A MAC address in any of its forms, as `00:1a:2b:3c:4d:5e`. */
  'mac',
  /** A fully qualified domain name as the name of its host; an IP address stays. */
  'host',
  /** A value that says nothing, such as `N/A` or `To be filled by O.E.M.`, finds nothing. */
  'worthless',
] as const
export type Normalizer = (typeof normalizers)[number]

/** A property by which rows find their resources. */
export interface RuleKey {
  readonly property: string
  /** In their order, each once. */
  readonly normalize: readonly Normalizer[]
  /** What the configuration adds to the values that say nothing. */
  readonly worthless: readonly string[]
}

export type NormalizerStep =
  | { readonly kind: 'form'; readonly form: 'NFC' | 'NFD' | 'NFKC' }
  /** All that match; `\1` in `by` is the first group. `beyondAscii`: nothing in a text that is plain ASCII does. */
  | { readonly kind: 'replace'; readonly pattern: string; readonly by: string; readonly beyondAscii: boolean }
  /** Each character of `from`, none of which is ASCII, by the one at its place in `to`. */
  | { readonly kind: 'translate'; readonly from: string; readonly to: string }
  /** Only letters A to Z. */
  | { readonly kind: 'plainCase'; readonly to: 'lower' | 'upper' }

const replace = (pattern: string, by = ''): NormalizerStep => ({
  kind: 'replace',
  pattern,
  by,
  beyondAscii: false,
})
const replaceForeign = (pattern: string, by = ''): NormalizerStep => ({
  kind: 'replace',
  pattern,
  by,
  beyondAscii: true,
})
const form = (name: 'NFC' | 'NFD' | 'NFKC'): NormalizerStep => ({ kind: 'form', form: name })

const widthless = '[\\u00ad\\u200b-\\u200d\\u2060\\ufeff]'
const blank = '[\\u0009-\\u000d \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const blanks = [replaceForeign(widthless), replace(`${blank}+`, ' '), replace('^ | $')]

/** Letters that are no letter with an accent to Unicode. */
const strokes = { from: 'øØłŁđĐħĦŧŦıŋŊ', to: 'oOlLdDhHtTinN' }
const severalLetters = [
  ['ß', 'ss'],
  ['ẞ', 'SS'],
  ['æ', 'ae'],
  ['Æ', 'AE'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['þ', 'th'],
  ['Þ', 'TH'],
] as const
const accents: readonly NormalizerStep[] = [
  form('NFD'),
  replaceForeign('[\\u0300-\\u036f]'),
  form('NFC'),
  { kind: 'translate', ...strokes },
  ...severalLetters.map(([letter, letters]) => replaceForeign(letter, letters)),
]

/** First and last code of blocks whose letters have a case that no server and no version disagrees about. */
const blocksWithCase = [
  [0xc0, 0x24f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x531, 0x556],
  [0x1e00, 0x1eff],
] as const

/** Capital letters beyond A to Z that have one small one; the Greek sigma has another at the end of a word. */
function capitals(): NormalizerStep {
  const pairs = blocksWithCase.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).flatMap(
      (letter) => {
        const small = letter.toLowerCase()
        return small !== letter && [...small].length === 1 ? [[letter, small] as const] : []
      },
    ),
  )
  const all = [...pairs, ['ς', 'σ'] as const]
  return {
    kind: 'translate',
    from: all.map(([letter]) => letter).join(''),
    to: all.map(([, small]) => small).join(''),
  }
}
const lowerCase: readonly NormalizerStep[] = [{ kind: 'plainCase', to: 'lower' }, capitals()]

const leadingSerial = '^(?:S/N[ :#.=-]*|(?:SN|SERIAL ?(?:NUMBER|NO|NR)?)[ :#.=]+)(?=[^ :#.=-])'
const octet = '([0-9a-f]{2})'
const octets = (count: number) => `^${Array.from({ length: count }, () => octet).join('[-:. ]?')}$`
const groups = (count: number) => Array.from({ length: count }, (_, index) => `\\${index + 1}`).join(':')

const stepsOfEach: Readonly<Record<Normalizer, readonly NormalizerStep[]>> = {
  nfc: [form('NFC')],
  nfkc: [form('NFKC')],
  blanks,
  accents,
  case: lowerCase,
  serial: [...blanks, { kind: 'plainCase', to: 'upper' }, replace(leadingSerial), replace('[-_ ./\\\\:#,*]')],
  mac: [
    ...blanks,
    { kind: 'plainCase', to: 'lower' },
    replace(octets(6), groups(6)),
    replace(octets(8), groups(8)),
  ],
  host: [
    ...blanks,
    { kind: 'plainCase', to: 'lower' },
    replace('[.]+$'),
    replace('^(?![0-9.]+$|.*:)([^.]+)[.].*$', '\\1'),
  ],
  // What is compared with the list is made of the key behind all others; the key itself stays.
  worthless: [],
}

/** Of the key itself, in the order in which they are carried out. */
export function stepsOf(normalize: readonly Normalizer[]): readonly NormalizerStep[] {
  return normalizers.filter((each) => normalize.includes(each)).flatMap((each) => stepsOfEach[each])
}

/** Each once, in the order in which they are carried out. */
export function inOrder(normalize: readonly Normalizer[]): readonly Normalizer[] {
  return normalizers.filter((each) => normalize.includes(each))
}

/** Of a key, before it is compared with `worthlessPattern`: only its letters and digits, small and without accents. */
export const worthSteps: readonly NormalizerStep[] = [
  ...accents,
  ...lowerCase,
  replace(`[\\u0001-/:-@\\[-\`{-\\u007f]|${blank}|${widthless}`),
]

/** What firmware, installers and people write where they know nothing. */
const worthlessValues: readonly string[] = [
  'To be filled by O.E.M.',
  'To be filled',
  'To be defined',
  'TBD',
  'Default',
  'Default string',
  'O.E.M.',
  'Not specified',
  'Not applicable',
  'Not available',
  'Not present',
  'Not set',
  'Not known',
  'N/A',
  'None',
  'Null',
  'Nil',
  'NaN',
  'Empty',
  'Unknown',
  'Undefined',
  'Unassigned',
  'Unspecified',
  'Invalid',
  'S/N',
  'SerNum',
  'Serial',
  'Serial number',
  'System serial number',
  'System product name',
  'System manufacturer',
  'System version',
  'Chassis serial number',
  'Base board serial number',
  'No asset tag',
  'No asset information',
  'Asset tag',
  'Asset-1234567890',
  '12345678',
  '123456789',
  '1234567890',
  '0123456789',
  '03000200-0400-0500-0006-000700080009',
  'xxx',
  'xxxx',
  'xxxxx',
  'localhost',
]

/** Of a text that `worthSteps` have made: it says nothing. Nothing but zeros, and six times the same character, say nothing either. */
export function worthlessPattern(added: readonly string[]): string {
  const listed = [...worthlessValues, ...added].map((value) => carriedOut(worthSteps, value))
  return `^(?:0*|(.)\\1{5,}|${[...new Set(listed)].join('|')})$`
}

/** The text that equal keys share; `undefined` where it says nothing, and finds nothing. */
export function keyOf(text: string, { normalize, worthless }: Omit<RuleKey, 'property'>): string | undefined {
  const key = carriedOut(stepsOf(normalize), text)
  return normalize.includes('worthless') && isWorthless(key, worthless) ? undefined : key
}

function isWorthless(key: string, added: readonly string[]): boolean {
  return patternOf(worthlessPattern(added), '').test(carriedOut(worthSteps, key))
}

function carriedOut(steps: readonly NormalizerStep[], text: string): string {
  return steps.reduce((before, step) => stepDone(step, before), text)
}

function stepDone(step: NormalizerStep, text: string): string {
  switch (step.kind) {
    case 'form':
      return text.normalize(step.form)
    case 'replace':
      return text.replace(patternOf(step.pattern, 'g'), step.by.replace(/\\(?=[1-9])/g, '$'))
    case 'translate': {
      const to = [...step.to]
      const by = new Map([...step.from].map((letter, index) => [letter, to[index] ?? '']))
      return [...text].map((letter) => by.get(letter) ?? letter).join('')
    }
    case 'plainCase':
      return step.to === 'lower'
        ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
        : text.replace(/[a-z]/g, (letter) => letter.toUpperCase())
  }
}

/** As PostgreSQL reads it: code points, a point is any character, an end is that of the text. */
function patternOf(pattern: string, flags: '' | 'g'): RegExp {
  return new RegExp(pattern, `su${flags}`)
}
