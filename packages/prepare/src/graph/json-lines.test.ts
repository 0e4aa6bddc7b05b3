import { describe, expect, test } from 'vitest'
import { type Case, prepareText } from '../../test/prepare-text.ts'

function prepared(text: string | Uint8Array, request: Case['request'] = {}) {
  const inputs = [{ type: 'document', file: 'graph.jsonl', form: undefined }] as const
  return prepareText({ files: { 'graph.jsonl': text }, inputs, request })
}

const lines = (...items: readonly unknown[]) => `${items.map((item) => JSON.stringify(item)).join('\n')}\n`

const host = {
  id: 'h1',
  kind: 'Host',
  attrs: { name: 'web1', ram: 16, up: true, tags: ['a', 'b'], note: null },
}
const subnet = { id: 's1', kind: 'Subnet' }
const link = {
  from: 'h1',
  fromRole: 'Member',
  kind: 'Connection',
  toRole: 'Subnet',
  to: 's1',
  attrs: { speed: 10 },
}

describe('a graph as JSON Lines', () => {
  test('becomes two sorted tables; what an attribute says of nothing is left out', async () => {
    const { files, manifest } = await prepared(lines(subnet, link, host))
    expect(files['nodes.sorted.csv']).toBe(
      'id,kind,attributes,destroyed\n' +
        'h1,Host,"{""name"":""web1"",""ram"":16,""tags"":[""a"",""b""],""up"":true}",\n' +
        's1,Subnet,{},\n',
    )
    expect(files['relationships.sorted.csv']).toBe(
      'id,from,fromRole,kind,toRole,to,attributes\n' +
        '"[""h1"",""Member"",""Connection"",""Subnet"",""s1""]",h1,Member,Connection,Subnet,s1,"{""speed"":10}"\n',
    )
    expect(manifest.files.map(({ mapping, read, rows }) => [mapping, read, rows])).toEqual([
      ['nodes', 2, 2],
      ['relationships', 1, 1],
    ])
  })

  test('numbers keep all their digits, and names stand in order', async () => {
    const text = '{"id":7,"kind":"N","attrs":{"b":12345678901234567890,"a":0.10,"c":1e3}}\n'
    const { files } = await prepared(text)
    expect(files['nodes.sorted.csv']).toContain('7,N,"{""a"":0.10,""b"":12345678901234567890,""c"":1e3}",\n')
  })

  test('a node that is destroyed says so, in either way', async () => {
    const { files } = await prepared(
      lines({ ...host, attrs: {}, destroyed: true }, { ...subnet, attrs: { _destroyed: true } }),
    )
    expect(files['nodes.sorted.csv']).toContain('h1,Host,{},true\ns1,Subnet,"{""_destroyed"":true}",true\n')
  })

  test('a node that comes twice is a duplicate, one without an id has no key', async () => {
    const { files, manifest } = await prepared(
      lines(host, { ...host, kind: 'Other' }, { ...subnet, id: null }),
    )
    expect(files['nodes.duplicates.csv']).toContain('h1,Other,')
    expect(files['nodes.nullpk.csv']).toContain(',Subnet,{},')
    expect(manifest.files[0]).toMatchObject({ read: 3, rows: 1, duplicate: 1, nullKey: 1, rejected: 0 })
  })

  test.each([
    ['a node without a kind', { id: 'x' }, 'it has no kind', ['x']],
    ['a name that stands elsewhere', { ...host, name: 'web1' }, '"name" is not allowed in a node', ['h1']],
    [
      'a map as an attribute',
      { ...host, attrs: { os: {} } },
      'the attribute "os" cannot be taken: it is a map',
      ['h1'],
    ],
    ['a NUL', { ...host, attrs: { os: 'a\0' } }, 'it holds a character that no database stores', ['h1']],
    [
      'half of a character',
      { ...host, attrs: { os: '\ud800' } },
      'it holds a character that no database',
      ['h1'],
    ],
    ['a relationship with one end', { from: 'h1', kind: 'C' }, 'it has no to', []],
    ['what is not a map', 7, 'it is not a map', []],
  ])('%s is one rejected row, and the others go on', async (_, item, reason, fields) => {
    const { rejected, manifest } = await prepared(lines(item, subnet))
    const [first] = rejected
    expect(first).toMatchObject({ file: 'graph.jsonl', line: 1, fields })
    expect(first?.reason).toContain(reason)
    expect(manifest.files[0]?.rows).toBe(1)
    for (const { read, rows, rejected: bad } of manifest.files) expect(read).toBe(rows + bad)
  })

  test('a line that is no JSON may be any row, of either table', async () => {
    const { rejected } = await prepared(`{"id":"h1"\n${lines(subnet)}`)
    expect(rejected.map(({ mapping, line, anyKey }) => [mapping, line, anyKey])).toEqual([
      ['nodes', 1, true],
      ['relationships', 1, true],
    ])
  })

  test('a name that stands twice in a map is no row, whichever of the two is meant', async () => {
    const { rejected } = await prepared(`{"id":"h1","kind":"H","attrs":{"a":"1","a":"2"}}\n${lines(subnet)}`)
    expect(rejected[0]?.reason).toMatch(/the line is not valid JSON: Duplicate key 'a'/)
  })

  test.each([
    ['a line that ends in its middle', '{"id":"h1","kind":"Ho', 'SLUICE-PREPARE-04'],
    ['no byte', '', 'SLUICE-PREPARE-35'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), 'SLUICE-PREPARE-35'],
    ['half a character at its end', Buffer.from([0x0a, 0xc3]), 'SLUICE-PREPARE-35'],
  ])('a file with %s is refused', async (_, text, code) => {
    await expect(prepared(text)).rejects.toMatchObject({ code })
  })

  test('a file of one empty line is a graph without anything', async () => {
    const { manifest } = await prepared('\n')
    expect(manifest.files.map(({ read }) => read)).toEqual([0, 0])
  })
})
