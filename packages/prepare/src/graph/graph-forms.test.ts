import type { GraphInput } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { plainFormat, prepareText } from '../../test/prepare-text.ts'

const document = (file: string): readonly GraphInput[] => [{ type: 'document', file, form: undefined }]

async function tablesOf(files: Readonly<Record<string, string | Uint8Array>>, inputs: readonly GraphInput[]) {
  const { files: written, rejected, manifest } = await prepareText({ files, inputs })
  const rows = (name: string) => (written[name] ?? '').split('\n').slice(1, -1)
  return {
    nodes: rows('nodes.sorted.csv'),
    relationships: rows('relationships.sorted.csv'),
    rejected: rejected.map(({ mapping, file, line, reason }) => `${mapping} ${file}:${line} ${reason}`),
    rejections: rejected,
    notes: manifest.notes,
    counts: manifest.files.map(({ read, rows: left, rejected: bad, nullKey }) => [read, left, bad, nullKey]),
  }
}

describe('a JSON document', () => {
  const read = (text: string) => tablesOf({ 'graph.json': text }, document('graph.json'))

  test('holds nodes and relationships in lists, whatever stands beside them', async () => {
    const text = `{"title": "a, [b] {\\"", "nodes": [
      {"id": "h1", "kind": "Host", "attrs": {"name": "}]\\\\", "n": 1.50}}, {"id":"s1","kind":"Subnet"} ],
      "rels" : [{"from":"h1","to":"s1","kind":"C"}], "more": {"nodes": [1]}}`
    const { nodes, relationships, notes } = await read(text)
    expect(nodes).toEqual(['h1,Host,"{""n"":1.50,""name"":""}]\\\\""}",', 's1,Subnet,{},'])
    expect(relationships).toEqual(['"[""h1"","""",""C"","""",""s1""]",h1,,C,,s1,{}'])
    expect(notes).toEqual(['Of graph.json this is not read: title, more.'])
  })

  test('is read the same, however it is cut into pieces', async () => {
    const name = 'é😀'.repeat(150_000)
    const items = ['a', 'b'].map((id) => JSON.stringify({ id, kind: 'N', attrs: { name } }))
    const { nodes } = await read(`{"nodes":[${items.join(',')}]}`)
    expect(nodes.map((row) => [row.slice(0, 4), row.length])).toEqual([
      ['a,N,', name.length + 22],
      ['b,N,', name.length + 22],
    ])
  })

  test('an item that is longer than a field may be is one rejected row', async () => {
    const long = JSON.stringify({ id: 'a', kind: 'N', attrs: { name: '"'.repeat(600_000) } })
    const { nodes, rejected } = await read(`{"nodes":[${long},{"id":"b","kind":"N"}]}`)
    expect(nodes).toHaveLength(1)
    expect(rejected).toEqual([
      expect.stringMatching(/^nodes graph\.json:1 it takes \d+ bytes, and prepare\.maximum/),
    ])
  })

  test('an item that is none is one rejected row with its line, and the others go on', async () => {
    const { nodes, rejected, counts } = await read(
      '{"nodes": [\n{"id": "a" "kind"},\n{"id":"b","kind":"N"},\n7]}',
    )
    expect(nodes).toHaveLength(1)
    expect(rejected[0]).toMatch(/^nodes graph\.json:2 it is not valid JSON: /)
    expect(rejected[1]).toBe('nodes graph.json:4 it is not a map')
    expect(counts).toEqual([
      [3, 1, 2, 0],
      [0, 0, 0, 0],
    ])
  })

  test('with empty lists is a graph without anything', async () => {
    expect((await read('{"nodes": [], "rels": []}')).counts[0]).toEqual([0, 0, 0, 0])
  })

  test.each([
    ['ends in its middle', '{"nodes": [{"id":"a","kind":"N"},', 'SLUICE-PREPARE-04'],
    ['ends in a text', '{"nodes": [{"id":"a', 'SLUICE-PREPARE-04'],
    ['is a list', '[{"id":"a","kind":"N"}]', 'SLUICE-PREPARE-35'],
    ['goes on behind its end', '{"nodes": []} {}', 'SLUICE-PREPARE-35'],
    ['closes what is not open', '{"nodes": [{"id":"a"]}', 'SLUICE-PREPARE-35'],
    ['has no list of either', '{"hosts": []}', 'SLUICE-PREPARE-35'],
  ])('that %s is refused', async (_, text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code })
  })
})

describe('GraphML', () => {
  const read = (text: string) => tablesOf({ 'graph.graphml': text }, document('graph.graphml'))
  const keys = `<key id="k" for="all" attr.name="kind" attr.type="string"/>
<key id="n" for="node" attr.name="name" attr.type="string"/>
<key id="r" for="node" attr.name="ram" attr.type="long"><default>0</default></key>
<key id="u" for="node" attr.name="up" attr.type="boolean"/>
<key id="f" for="edge" attr.name="fromRole"/><key id="s" for="edge" attr.name="speed" attr.type="double"/>`
  const whole = (graph: string) =>
    `<?xml version="1.0"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n${keys}\n<graph edgedefault="directed">\n${graph}\n</graph>\n</graphml>\n`

  test('says of nodes and edges what its keys declare, exactly and with defaults', async () => {
    const { nodes, relationships } = await read(
      whole(`<node id="h1"><data key="k">Host</data><data key="n">a &lt; b<![CDATA[ & c]]></data>
<data key="r">12345678901234567890</data><data key="u">true</data></node>
<node id="s1" labels=":Subnet:Net"/>
<edge source="h1" target="s1" label="C"><data key="f">Member</data><data key="s">1.50</data></edge>`),
    )
    expect(nodes).toEqual([
      'h1,Host,"{""name"":""a < b & c"",""ram"":12345678901234567890,""up"":true}",',
      's1,Subnet,"{""ram"":0}",',
    ])
    expect(relationships).toEqual([
      '"[""h1"",""Member"",""C"","""",""s1""]",h1,Member,C,,s1,"{""speed"":1.50}"',
    ])
  })

  test('a node may hold a graph of its own', async () => {
    const { nodes } = await read(
      whole(
        '<node id="a"><data key="k">A</data><graph><node id="b"><data key="k">B</data></node></graph></node>',
      ),
    )
    expect(nodes.map((row) => row.slice(0, 3))).toEqual(['a,A', 'b,B'])
  })

  test('an element that is none is one rejected row with its line, and the others go on', async () => {
    const { nodes, rejected } = await read(
      whole(`<node id="a"/>
<node id="b"><data key="k">N</data><data key="r">many</data></node>
<node id="c"><data key="k">N</data><data key="x">1</data></node>
<node id="d"><data key="k">N</data></node>
<edge source="a"/>
<hyperedge/>`),
    )
    expect(nodes).toHaveLength(1)
    expect(rejected).toEqual([
      'nodes graph.graphml:9 it has no kind',
      'nodes graph.graphml:10 "many" is no long',
      'nodes graph.graphml:11 no key "x" is declared',
      'relationships graph.graphml:13 it has no target',
      'relationships graph.graphml:14 a relationship has two ends, and this is one of several',
    ])
  })

  test.each([
    ['ends in its middle', whole('<node id="a"/>').slice(0, -20), 'SLUICE-PREPARE-04'],
    ['closes what is not open', whole('<node id="a"></edge>'), 'SLUICE-PREPARE-35'],
    ['has no graph', '<graphml/>', 'SLUICE-PREPARE-35'],
    ['is no XML', 'id,kind\n', 'SLUICE-PREPARE-35'],
    [
      'names an entity of its own',
      whole('<node id="a"><data key="k">&x;</data></node>').replace(
        '<graphml',
        '<!DOCTYPE graphml [<!ENTITY x SYSTEM "file:///etc/passwd">]><graphml',
      ),
      'SLUICE-PREPARE-35',
    ],
  ])('that %s is refused', async (_, text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code })
  })
})

describe('tables', () => {
  const ifThere = (column: string) => ({ column, ifThere: true })
  const named = (column: string) => ({ column, ifThere: false })
  const nodeTable: GraphInput = {
    type: 'nodes',
    file: 'nodes.csv',
    format: plainFormat,
    id: ['id'],
    kind: named('kind'),
    isQualified: false,
    destroyed: ifThere('destroyed'),
    attributes: undefined,
    references: [],
  }
  const relationshipTable: GraphInput = {
    type: 'relationships',
    file: 'rels.csv',
    format: plainFormat,
    from: { columns: ['from'], kind: undefined },
    to: { columns: ['to'], kind: undefined },
    kind: named('kind'),
    fromRole: ifThere('fromRole'),
    toRole: ifThere('toRole'),
    attributes: undefined,
  }

  test('a pair of them: all other columns are attributes, an empty field is none, and the id is the key where there is no other', async () => {
    const { nodes, relationships, counts } = await tablesOf(
      {
        'nodes.csv': 'id;kind;name;destroyed\nh1;Host;"a;""b""";\ns1;Subnet;;true\n;Host;x;\n',
        'rels.csv': 'from,kind,to,toRole,speed\nh1,C,s1,Subnet,10\nh1,C,,,\n',
      },
      [nodeTable, relationshipTable],
    )
    expect(nodes).toEqual([
      'h1,Host,"{""key"":""h1"",""name"":""a;\\""b\\""""}",',
      's1,Subnet,"{""key"":""s1""}",true',
    ])
    expect(relationships).toEqual([
      '"[""h1"","""",""C"",""Subnet"",""s1""]",h1,,C,Subnet,s1,"{""speed"":""10""}"',
    ])
    expect(counts).toEqual([
      [3, 2, 0, 1],
      [2, 1, 0, 1],
    ])
  })

  test('rows are nodes of a kind, and what they name are their relationships', async () => {
    const attribute = (column: string, type: 'text' | 'number' | 'boolean' | 'list' | 'json') => ({
      name: column.toLowerCase(),
      column,
      type,
      separator: '|',
    })
    const hosts: GraphInput = {
      ...nodeTable,
      file: 'hosts.csv',
      kind: { text: 'Host' },
      id: ['No'],
      isQualified: true,
      attributes: [
        attribute('Cpus', 'number'),
        attribute('Up', 'boolean'),
        attribute('Tags', 'list'),
        attribute('More', 'json'),
      ],
      references: [
        { columns: ['Site', 'Room'], to: 'Room', relationship: 'Location', role: 'Element', toRole: 'Place' },
      ],
    }
    const csv = 'No,Cpus,Up,Tags,More,Site,Room\n1,4.0,TRUE,a|b,[1],Paris,12\n2,,,,,Paris,\n3,four,,,,,\n'
    const { nodes, relationships, rejected, rejections } = await tablesOf({ 'hosts.csv': csv }, [hosts])
    expect(nodes).toEqual([
      'Host/1,Host,"{""cpus"":4.0,""key"":""Host/1"",""more"":[1],""tags"":[""a"",""b""],""up"":true}",',
      'Host/2,Host,"{""key"":""Host/2""}",',
    ])
    expect(relationships).toHaveLength(1)
    expect(relationships[0]).toContain('Host/1,Element,Location,Place,"Room/[""Paris"",""12""]",{}')
    expect(rejected).toEqual([
      'nodes hosts.csv:4 "four" is not a number such as 42 or 1.5',
      'relationships hosts.csv:4 "four" is not a number such as 42 or 1.5',
    ])
    expect(rejections[0]?.fields).toContain('Host/3')
    expect(rejections[1]?.anyKey).toBe(true)
  })

  test('a column that is named and is not there refuses the file', async () => {
    await expect(tablesOf({ 'nodes.csv': 'id,sort\na,b\n' }, [nodeTable])).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-01',
    })
  })

  test('files of several forms are one graph, and a folder holds parts of one', async () => {
    const { nodes, counts } = await tablesOf(
      {
        'parts/1.jsonl': '{"id":"a","kind":"N"}\n',
        'parts/2.json': '{"nodes":[{"id":"b","kind":"N"}]}',
        'nodes.csv': 'id,kind\nb,N\nc,N\n',
      },
      [{ type: 'document', file: 'parts', form: undefined }, nodeTable],
    )
    expect(nodes.map((row) => row.slice(0, 3))).toEqual(['a,N', 'b,N', 'c,N'])
    expect(counts[0]).toEqual([4, 3, 0, 0])
  })

  test('a file whose name does not tell how it is written is refused, and read where the configuration does', async () => {
    const files = { 'graph.txt': '{"id":"a","kind":"N"}\n' }
    await expect(tablesOf(files, document('graph.txt'))).rejects.toMatchObject({ code: 'SLUICE-PREPARE-36' })
    const read = await tablesOf(files, [{ type: 'document', file: 'graph.txt', form: 'jsonLines' }])
    expect(read.nodes).toHaveLength(1)
  })
})
