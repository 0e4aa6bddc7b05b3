import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LinkSetMapping, parseLinkSet, usualSeparators } from './link-set.ts'

const contacts: LinkSetMapping = {
  name: 'contacts',
  association: 'ServerContacts',
  end: 'from',
  as: 'contact',
  separators: usualSeparators,
}

describe('a set of links', () => {
  test('names its targets by id or by what they are called, and what the links themselves say', () => {
    expect(parseLinkSet('contact->email:x@example.org;role:owner|contact:17', contacts)).toEqual({
      entries: [
        {
          text: 'contact->email:x@example.org;role:owner',
          id: undefined,
          by: [['email', 'x@example.org']],
          properties: [['role', 'owner']],
        },
        { text: 'contact:17', id: '17', by: [], properties: [] },
      ],
    })
  })

  test('may ask several things of one target', () => {
    const parsed = parseLinkSet('contact->org:Demo;contact->name:Ann', contacts)
    expect(parsed).toMatchObject({
      entries: [
        {
          by: [
            ['name', 'Ann'],
            ['org', 'Demo'],
          ],
        },
      ],
    })
  })

  test('of nothing is empty', () => {
    expect(parseLinkSet('', contacts)).toEqual({ entries: [] })
  })

  test('has a value behind the first separator, whatever stands in it', () => {
    expect(parseLinkSet('contact->url:http://x:80', contacts)).toMatchObject({
      entries: [{ by: [['url', 'http://x:80']] }],
    })
  })

  test.each([
    ['contact', '"contact" has no ":" in "contact"'],
    ['role:owner', '"role:owner" does not say which contact it means'],
    ["'contact:1", `a quote does not close in "'contact:1"`],
    ['contact:1|', '"" has no ":" in ""'],
  ])('that is written %s cannot be read', (text, fault) => {
    expect(parseLinkSet(text, contacts)).toEqual({ fault })
  })

  test('is read as it was written, whatever its values hold', () => {
    const separators = fc.constantFrom(usualSeparators, { entry: '#', part: ',', value: '=', quote: '~' })
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), separators, (values, using) => {
        const quoted = (part: string) =>
          `${using.quote}${part.replaceAll(using.quote, using.quote + using.quote)}${using.quote}`
        const text = values.map((value) => quoted(`contact->name${using.value}${value}`)).join(using.entry)
        const parsed = parseLinkSet(text, { ...contacts, separators: using })
        expect('entries' in parsed && parsed.entries.map(({ by }) => by)).toEqual(
          values.map((value) => [['name', value]]),
        )
      }),
    )
  })
})
