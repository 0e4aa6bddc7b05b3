import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Utf8Judge } from './utf8-judge.ts'

function judge(bytes: Buffer, chunkSize = bytes.length) {
  const one = new Utf8Judge()
  for (let at = 0; at < bytes.length; at += chunkSize) one.add(bytes.subarray(at, at + chunkSize))
  return { judged: one.finish(), valid: one.valid }
}

const cesu = Buffer.from([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80])
const utf8 = (text: string) => Buffer.from(text)
const latin = (text: string) => Buffer.from(text, 'latin1')

describe('the judge of encodings', () => {
  test.each([
    ['nothing but ASCII', utf8('a'), 'utf-8'],
    ['sound characters', utf8('Zoë Łódź 😀'), 'utf-8'],
    ['two sound characters and a stray byte', Buffer.concat([utf8('é, ö, '), latin('ü')]), 'utf-8'],
    ['one sound character and a stray byte', Buffer.concat([utf8('é, '), latin('ü')]), 'single-byte'],
    ['a character cut at the end', Buffer.concat([utf8('é, ö, '), utf8('é').subarray(0, 1)]), 'utf-8'],
    // Cut, it is still one: three bytes of it are left.
    [
      'a long character cut short',
      Buffer.concat([utf8('é, ö, '), utf8('😀').subarray(0, 3), utf8(',')]),
      'utf-8',
    ],
    ['accents of one byte each', latin('Zoë, René, Jürgen'), 'single-byte'],
    // "É»" in windows-1252 is a character of UTF-8 by chance.
    ['such accents beside what looks like a character', latin('CAF\xc9\xbb, Ren\xe9, Zo\xeb'), 'single-byte'],
    ['surrogate pairs', Buffer.concat([utf8('a,'), cesu, utf8(',b')]), 'cesu-8'],
    ['a surrogate without its pair', Buffer.concat([utf8('é,ö,'), cesu.subarray(0, 3), utf8(',b')]), 'utf-8'],
  ] as const)('takes %s for what they are', (_, bytes, expected) => {
    expect(judge(bytes).judged).toBe(expected)
  })

  test('counts characters and not pieces: what is long and sound outweighs what is broken at its end', () => {
    const sound = utf8('Zoë Grünfeld\n'.repeat(20_000))
    for (const size of [sound.length, 1 << 16])
      expect(judge(Buffer.concat([sound, latin('\xe9\n\xeb\n')]), size)).toEqual({
        judged: 'utf-8',
        valid: false,
      })
  })

  test('does not let thousands of strays behind what is surely UTF-8 garble it', () => {
    const joined = Buffer.concat([utf8('Zoë\n'.repeat(2_000)), latin('Ren\xe9\n'.repeat(50_000))])
    expect(judge(joined).judged).toBe('utf-8')
  })

  test('says the same whatever the pieces are', () => {
    const part = fc.constantFrom(
      utf8('a'),
      utf8('é'),
      utf8('Ł'),
      utf8('😀'),
      latin('\xe9'),
      latin('\x80'),
      cesu,
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 7 }), (parts, size) => {
        const bytes = Buffer.concat(parts)
        expect(judge(bytes, size)).toEqual(judge(bytes))
      }),
    )
  })
})
