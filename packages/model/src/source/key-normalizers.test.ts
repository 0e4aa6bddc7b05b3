import { expect, test } from 'vitest'
import { inOrder, keyOf, type Normalizer } from './key-normalizers.ts'

const key = (text: string, ...normalize: Normalizer[]) => keyOf(text, { normalize, worthless: [] })

test('Unicode forms, blanks, accents and case do not count where they should not', () => {
  expect(key('Zoe\u0308', 'nfc')).toBe('Zoë')
  expect(key('Ａｃｍｅ ﬁ', 'nfkc')).toBe('Acme fi')
  expect(key('\ufeff Ada \u00a0\t King\u200b ', 'blanks')).toBe('Ada King')
  expect(key('Søren Łukasz Straße Ænima Éloïse', 'accents')).toBe('Soren Lukasz Strasse AEnima Eloise')
  expect(key('ÉCOLE ΟΔΟΣ ДОМ', 'case')).toBe('école οδοσ дом')
  expect(key('  GARCÍA  lópez', 'case', 'blanks', 'accents')).toBe('garcia lopez')
})

test('a serial number is the same with separators, in small letters and behind S/N', () => {
  const written = ['AB-12 34', 'ab1234', 'S/N: AB 1234', 's/n ab.12/34', 'SN: AB_1234', 'Serial No.: AB1234']
  expect(written.map((text) => key(text, 'serial'))).toEqual(written.map(() => 'AB1234'))
  // Some begin with these letters.
  expect(key('SN12345', 'serial')).toBe('SN12345')
  expect(key('SN-12345', 'serial')).toBe('SN12345')
})

test('a MAC address is the same in each of its forms, and what is none stays', () => {
  const written = [
    '00-1A-2B-3C-4D-5E',
    '001A.2B3C.4D5E',
    '00:1a:2b:3c:4d:5e',
    '001a2b3c4d5e',
    '001A-2B3C-4D5E',
  ]
  expect(written.map((text) => key(text, 'mac'))).toEqual(written.map(() => '00:1a:2b:3c:4d:5e'))
  expect(key('0011223344556677', 'mac')).toBe('00:11:22:33:44:55:66:77')
  expect(key('eth0', 'mac')).toBe('eth0')
})

test('a host is called alike with and without its domain, and an address stays', () => {
  const written = ['WEB1', 'web1.example.com', 'Web1.example.com.', ' web1. ']
  expect(written.map((text) => key(text, 'host'))).toEqual(written.map(() => 'web1'))
  expect(key('10.0.0.1', 'host')).toBe('10.0.0.1')
  expect(key('fe80::1.2', 'host')).toBe('fe80::1.2')
})

test('values that say nothing find nothing, however they are written', () => {
  const nothing = [
    'To be filled by O.E.M.',
    'default string',
    '0000000',
    'N/A',
    'n.a.',
    'NONE',
    'Unknown',
    '-',
    '',
    ' ',
  ]
  expect(nothing.map((text) => key(text, 'worthless'))).toEqual(nothing.map(() => undefined))
  expect(key('S/N: N/A', 'worthless', 'serial')).toBeUndefined()
  expect(key('FF:FF:FF:FF:FF:FF', 'mac', 'worthless')).toBeUndefined()
  expect(key('Nora', 'worthless')).toBe('Nora')
  expect(key('100000', 'worthless')).toBe('100000')
})

test('a configuration adds to the values that say nothing', () => {
  const of = { normalize: ['accents', 'worthless'], worthless: ['à compléter'] } as const
  expect(keyOf('A COMPLÉTER!', of)).toBeUndefined()
  expect(keyOf('Complet', of)).toBe('Complet')
})

test('the order in which they are listed does not matter', () => {
  expect(inOrder(['worthless', 'serial', 'nfkc', 'serial'])).toEqual(['nfkc', 'serial', 'worthless'])
})
