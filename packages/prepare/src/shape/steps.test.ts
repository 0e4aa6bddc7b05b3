import type { Transform } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { compileStep, compileTable } from './compile-step.ts'
import { Unfit } from './unfit.ts'

function made(transform: Transform, text: string): string {
  const found = compileStep(transform)(text)
  return found instanceof Unfit ? `unfit: ${found.reason}` : found
}

describe('a text', () => {
  test.each<[Transform, string, string]>([
    [{ kind: 'trim' }, ' a b\t', 'a b'],
    [{ kind: 'collapse' }, ' a \u00a0 b\nc ', 'a b c'],
    [{ kind: 'upper' }, 'straße é', 'STRASSE É'],
    [{ kind: 'lower' }, 'ÄB', 'äb'],
    [{ kind: 'unicode', form: 'NFC' }, 'e\u0301', '\u00e9'],
    [{ kind: 'unicode', form: 'NFKC' }, '\uff21', 'A'],
    [{ kind: 'replace', pattern: '(\\d+)-(\\d+)', replacement: '$2/$1' }, '1-2, 3-4', '2/1, 4/3'],
    [{ kind: 'extract', pattern: 'room (\\w+)' }, 'floor 2, room B12', 'B12'],
    [{ kind: 'extract', pattern: '\\d+' }, 'floor 2', '2'],
    [{ kind: 'extract', pattern: '\\d+' }, 'cellar', ''],
    [{ kind: 'take', nth: 2, by: ', ' }, 'Main 1, Paris, FR', 'Paris'],
    [{ kind: 'take', nth: -1, by: ', ' }, 'Main 1, Paris, FR', 'FR'],
    [{ kind: 'take', nth: 9, by: ',' }, 'a,b', ''],
    [{ kind: 'pad', length: 6, fill: '0' }, '42', '000042'],
    [{ kind: 'not' }, 'true', 'false'],
    [{ kind: 'not' }, 'yes', 'unfit: "yes" is not true or false'],
  ])('%j makes of %j %j', (transform, text, expected) => expect(made(transform, text)).toBe(expected))

  test('a pattern that would take for ever elsewhere takes no time', () => {
    const step = compileStep({ kind: 'extract', pattern: '^(a+)+$' })
    expect(step(`${'a'.repeat(50_000)}!`)).toBe('')
  })
})

describe('what Windows writes', () => {
  test.each<[Transform, string, string]>([
    [{ kind: 'filetime' }, '133500000000000000', '2024-01-17T21:20:00Z'],
    [{ kind: 'filetime' }, '133500000001234567', '2024-01-17T21:20:00.123456Z'],
    [{ kind: 'filetime' }, '116444735999999990', '1969-12-31T23:59:59.999999Z'],
    [{ kind: 'filetime' }, '0', ''],
    [{ kind: 'filetime' }, '9223372036854775807', ''],
    [
      { kind: 'filetime' },
      '2650467744000000000',
      'unfit: "2650467744000000000" is not a Windows time before the year 10000',
    ],
    [{ kind: 'filetime' }, 'soon', 'unfit: "soon" is not a Windows time, which is a whole number'],
    [{ kind: 'guid' }, 'eJ3fI/pEz0mhtQ3rSKv6lg==', '23df9d78-44fa-49cf-a1b5-0deb48abfa96'],
    [{ kind: 'guid' }, '789ddf23fa44cf49a1b50deb48abfa96', '23df9d78-44fa-49cf-a1b5-0deb48abfa96'],
    [{ kind: 'guid' }, '{23DF9D78-44FA-49CF-A1B5-0DEB48ABFA96}', '23df9d78-44fa-49cf-a1b5-0deb48abfa96'],
    [
      { kind: 'sid' },
      'AQUAAAAAAAUVAAAAFc1bB7Fof3uV3mEa9AEAAA==',
      'S-1-5-21-123456789-2071947441-442621589-500',
    ],
    [{ kind: 'sid' }, 's-1-5-18', 'S-1-5-18'],
    [{ kind: 'flag', bit: 2 }, '514', 'true'],
    [{ kind: 'flag', bit: 2 }, '512', 'false'],
    [{ kind: 'flag', bit: 2 ** 31 }, '-2147483646', 'true'],
    [{ kind: 'flag', bit: 2 }, '0x202', 'true'],
    [{ kind: 'flag', bit: 2 }, '5.5', 'unfit: "5.5" is not a whole number of 32 bits'],
  ])('%j makes of %j %j', (transform, text, expected) => expect(made(transform, text)).toBe(expected))

  test('a GUID or SID that is cut off is none', () => {
    expect(made({ kind: 'guid' }, 'eJ3fI/pEz0mh')).toContain('is not a GUID')
    expect(made({ kind: 'sid' }, 'AQUAAAAAAAUVAAAA')).toContain('is not a SID')
  })
})

describe('what directories write', () => {
  test.each<[Transform, string, string]>([
    [{ kind: 'rdn' }, 'CN=Ann Lee,OU=People,DC=acme', 'Ann Lee'],
    [{ kind: 'rdn' }, 'CN=Lee\\, Ann,OU=People', 'Lee, Ann'],
    [{ kind: 'rdn' }, 'CN=Zo\\C3\\AB+UID=7,OU=People', 'Zoë'],
    [{ kind: 'rdn' }, 'CN="Lee, Ann",OU=People', 'Lee, Ann'],
    [{ kind: 'rdn' }, 'Ann', 'unfit: "Ann" is not a distinguished name, such as CN=Ann,OU=People'],
    [{ kind: 'parentDn' }, 'CN=Lee\\, Ann, OU=People,DC=acme', 'OU=People,DC=acme'],
    [{ kind: 'parentDn' }, 'DC=acme', ''],
    [{ kind: 'generalizedTime' }, '20260131093000.0Z', '2026-01-31T09:30:00Z'],
    [{ kind: 'generalizedTime' }, '20260131093000.25+0130', '2026-01-31T09:30:00.25+01:30'],
    [{ kind: 'generalizedTime' }, '202601310930Z', '2026-01-31T09:30:00Z'],
    [
      { kind: 'generalizedTime' },
      '20260231093000Z',
      'unfit: "20260231093000Z" is not a time such as 20260131093000.0Z',
    ],
    [
      { kind: 'generalizedTime' },
      '20260131093000',
      'unfit: "20260131093000" is not a time such as 20260131093000.0Z',
    ],
  ])('%j makes of %j %j', (transform, text, expected) => expect(made(transform, text)).toBe(expected))
})

describe('a table', () => {
  const entries = [['M', 'male'] as const]
  test('says what stands for what', () =>
    expect(compileTable({ name: 'the table', entries, otherwise: 'reject' })('M')).toBe('male'))

  test('rejects, keeps or empties what is not in it', () => {
    const found = (otherwise: 'reject' | 'keep' | 'empty') =>
      compileTable({ name: 'sexes.csv', entries, otherwise })('X')
    expect(found('reject')).toEqual(new Unfit('"X" is not in sexes.csv'))
    expect([found('keep'), found('empty')]).toEqual(['X', ''])
  })
})
