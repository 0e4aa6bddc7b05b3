import { describe, expect, test } from 'vitest'
import { formOf, textOf, uuidOf } from './values.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

describe('a value of an attribute', () => {
  test('is text where it is UTF-8, and no text otherwise', () => {
    expect(textOf(Buffer.from('Žofie'), 'text')).toBe('Žofie')
    expect(textOf(bytes('ff00'), 'text')).toBeUndefined()
    expect(textOf(bytes('ff00'), 'base64')).toBe('/wA=')
    expect(textOf(bytes('ff00'), 'hex')).toBe('ff00')
  })

  test('is a GUID as Windows writes it', () => {
    expect(textOf(bytes('33221100554477668899aabbccddeeff'), 'guid')).toBe(
      '00112233-4455-6677-8899-aabbccddeeff',
    )
    expect(textOf(bytes('3322'), 'guid')).toBeUndefined()
  })

  test('is a SID as Windows writes it', () => {
    const sid = bytes('010500000000000515000000a065cf7e784b9b5fe77c8770091c0100')
    expect(textOf(sid, 'sid')).toBe('S-1-5-21-2127521184-1604012920-1887927527-72713')
    expect(textOf(sid.subarray(0, 20), 'sid')).toBeUndefined()
  })

  test('is written as its attribute usually is, unless the options say otherwise', () => {
    expect(formOf('objectGUID')).toBe('guid')
    expect(formOf('userCertificate;binary')).toBe('base64')
    expect(formOf('x;binary')).toBe('base64')
    expect(formOf('cn')).toBe('text')
    expect(formOf('objectGUID', { objectguid: 'hex' })).toBe('hex')
  })
})

test('an id of content synchronization is an entryUUID', () => {
  expect(uuidOf('00112233445566778899aabbccddeeff')).toBe('00112233-4455-6677-8899-aabbccddeeff')
})
