/**
 * XML that a source keeps as text, and what an XPath finds in it.
 */
import { describe, expect, test } from 'vitest'
import { XmlDocument, XmlError } from './xml-document.ts'

const scan = `<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun xmlns:f="urn:f"><!-- hosts -->
  <host><address addr="10.0.0.1"/><ports><port portid="80"><f:name>http</f:name></port><port portid="443"/></ports></host>
  <host><address addr="10.0.0.2"/><note>a &amp; <![CDATA[<b>]]><i>c</i></note></host>
</nmaprun>`

test.each([
  ['//host/address/@addr', ['10.0.0.1', '10.0.0.2']],
  ['//host/address[@addr="10.0.0.1"]/../ports/port/@portid', ['80', '443']],
  ['/nmaprun/host/note', ['a & <b>c']],
  ['//note/text()', ['a & ', '<b>']],
  ['//f:name', ['http']],
  ['count(//port)', 2],
  ['string(//@addr)', '10.0.0.1'],
  ['boolean(//port[@portid > 443])', false],
  ['//nothing', []],
])('%s finds %j', (path, found) => {
  expect(new XmlDocument(scan).evaluate(path)).toEqual(found)
})

const openingFails = (text: string) => expect(() => new XmlDocument(text)).toThrow(XmlError)

test.each(['', 'text', '<a>', '<a></b>', '<a/><b/>', '<a>&nothing;</a>'])('%j is no XML', openingFails)

describe('a document', () => {
  test('brings nothing of another file, and fills in nothing that it declares', () => {
    openingFails('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>')
    openingFails('<!DOCTYPE a [<!ENTITY e "eee"><!ENTITY f "&e;&e;">]><a>&f;</a>')
    expect(new XmlDocument('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>b</a>').evaluate('/a')).toEqual(['b'])
  })

  test('is gone through so often and no more', () => {
    const document = new XmlDocument(`<a>${'<b/>'.repeat(1000)}</a>`)
    expect(document.evaluate('count(//b)')).toBe(1000)
    expect(() => document.evaluate('//b[count(//b[count(//b) > 1]) > 1]')).toThrow('too often')
    expect(document.evaluate('count(//b)')).toBe(1000)
  })

  test('is asked for many nodes at once', () => {
    const document = new XmlDocument(`<a>${'<b>x</b>'.repeat(20_000)}</a>`)
    expect(document.evaluate('count(/a/b[. = "x"])')).toBe(20_000)
  })

  test('has an end', () => {
    openingFails(`<a>${'x'.repeat(1_000_000)}</a>`)
    const nested = new XmlDocument(`${'<a>'.repeat(100)}${'x'.repeat(20_000)}${'</a>'.repeat(100)}`)
    expect(() => nested.evaluate('//a')).toThrow('too much')
  })

  test('is not asked once it is closed', () => {
    const document = new XmlDocument('<a/>')
    document.close()
    expect(() => document.evaluate('/a')).toThrow('closed')
  })
})

test.each(['//a[', 'f(', 'nothing(1)', '//p:a', '$x'])('%s is no XPath', (path) => {
  expect(() => new XmlDocument('<a/>').evaluate(path)).toThrow(XmlError)
})
