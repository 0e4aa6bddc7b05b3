import { describe, expect, test } from 'vitest'
import { mappedTables } from '../source/mapped-tables.ts'
import type { EntityMapping } from '../source/source.ts'
import type { CompiledModules, FoundModule, Syncmappings } from './graph-modules.ts'
import { parseConfiguration } from './parse-configuration.ts'

const model = `
entityTypes:
  Element: {abstract: true, properties: {SyncKey: string, OtherKey: string, ADDMIntegrationId: string, Name: string}}
  Computer: {extends: Element, properties: {Memory: integer, Picture: file}}
  Disk: {extends: Element, properties: {Size: integer}}
  Loose: {properties: {Name: string}}
associations:
  Hosts: {from: Element, to: Element, properties: {Name: string}}
  Knows: {from: Loose, to: Element}
`

const graph = '{modules: maps, files: graph.jsonl}'

function configured(source: string, made: Partial<CompiledModules> = {}) {
  const modules: readonly FoundModule[] = [{ path: 'maps/a.tpl', file: 'maps/a.tpl', text: 'tpl' }]
  const syncmappings: Syncmappings = {
    find: (_, pattern) => (pattern === 'maps' ? modules : 'No module is called so.'),
    compile: () => ({ findings: [], classes: new Map(), relationships: new Map(), ...made }),
  }
  const text = `${model}\nsources:\n  disco: ${source}\n`
  const { configuration, findings } = parseConfiguration([{ path: 'sluice.yaml', text }], { syncmappings })
  const lines = text.split('\n')
  const found = findings.map(({ message, remedy = '', line = 1, column = 1, code, severity, file }) => ({
    says: `${message} ${remedy}`.trim(),
    at: file === 'sluice.yaml' ? lines[line - 1]?.slice(column - 1) : `${file}:${line}:${column}`,
    code,
    severity,
  }))
  return { source: configuration?.sources.get('disco'), findings: found }
}

const computers = { classes: new Map([['Computer', new Set(['Name', 'Memory'])]]) }
const propertiesOf = ({ properties }: EntityMapping) =>
  properties.map(({ property, column }) => [property, column])

describe('a source that is a graph', () => {
  test('says of each file that is a pattern which is taken, and how old it may be', () => {
    const files = `[{file: 'hosts-*.jsonl', several: last, maxAge: 2h}, {table: 'racks-*.csv', kind: Rack, several: all}]`
    const { source, findings } = configured(`{maxAge: 26h, graph: {modules: maps, files: ${files}}}`)
    expect(findings).toEqual([])
    const tables = source === undefined ? [] : mappedTables(source)
    expect(tables.map(({ file, several, maxAge }) => [file, several, maxAge])).toEqual([
      ['hosts-*.jsonl', 'last', 2 * 3_600_000],
      ['racks-*.csv', 'all', 26 * 3_600_000],
    ])
  })

  test('is refused where a choice chooses nothing, two choices differ, or a folder is a pattern', () => {
    const files = `[{file: a.jsonl, several: last}, {nodes: 'n-*.csv', several: all}, {relationships: 'n-*.csv', several: last}, 'x*/b.json']`
    const { findings } = configured(`{graph: {modules: maps, files: ${files}}}`)
    expect(findings.map(({ says, at }) => [says.split('.')[0], at?.slice(0, 8)])).toEqual([
      ['"several" says which of several files is taken, and "a', 'last}, {'],
      ['Two say two things of several files that fit n-*', "last}, '"],
      ['"x*/b', "'x*/b.js"],
    ])
  })

  test('has a mapping for each class that its syncmappings make, with the attributes that they set and its keys', () => {
    const made = { ...computers, relationships: new Map([['Hosts', new Set(['Name'])]]) }
    const { source, findings } = configured(`{graph: ${graph}}`, made)
    expect(findings).toEqual([])
    const [computer] = source?.entities ?? []
    expect(computer).toMatchObject({ name: 'Computer', key: 'SyncKey' })
    expect(computer && propertiesOf(computer)).toEqual([
      ['SyncKey', 'SyncKey'],
      ['ADDMIntegrationId', 'ADDMIntegrationId'],
      ['Name', 'Name'],
      ['Memory', 'Memory'],
    ])
    expect(source?.associations).toMatchObject([
      {
        association: 'Hosts',
        from: { column: 'from', by: 'SyncKey' },
        to: { column: 'to', by: 'SyncKey' },
        properties: [{ property: 'Name', column: 'Name' }],
      },
    ])
    expect(source?.graph).toEqual({
      inputs: [{ type: 'document', file: 'graph.jsonl', form: undefined }],
      modules: [{ file: 'maps/a.tpl', text: 'tpl' }],
      dataModel: 6,
      key: 'SyncKey',
      options: {},
    })
  })

  test('shares its resources as people say, of a class that they name and of no other', () => {
    const { source, findings } = configured(
      `{graph: ${graph}, entities: {Computer: {reconciliation: {rules: [[Name]]}, delete: ignore, properties: {Name: {policy: write_if_empty}}, thresholds: off}}}`,
      { classes: new Map([...computers.classes, ['Disk', new Set(['Size'])]]) },
    )
    expect(findings).toEqual([])
    const [computer, disk] = source?.entities ?? []
    expect(computer?.federation).toMatchObject({
      reconciliation: { policy: 'attributes' },
      deletePolicy: { action: 'ignore' },
    })
    expect(computer?.properties.find(({ property }) => property === 'Name')).toMatchObject({
      policy: 'write_if_empty',
    })
    expect(disk?.federation).toBeUndefined()
  })

  test('does not map what a body cannot say: a file', () => {
    const { source } = configured(`{graph: ${graph}}`, {
      classes: new Map([['Computer', new Set(['Picture'])]]),
    })
    expect(source?.entities[0]?.properties.map(({ property }) => property)).not.toContain('Picture')
  })

  test('says what is wrong with a module where it stands, and nothing of what would follow from it', () => {
    const problem = {
      severity: 'error',
      message: 'This is no statement.',
      file: 'maps/a.tpl',
      line: 7,
      column: 3,
    } as const
    const { source, findings } = configured(`{graph: ${graph}, entities: {Disk: {}}}`, {
      findings: [problem],
    })
    expect(source).toBeUndefined()
    expect(findings).toEqual([
      {
        says: 'This is no statement.',
        at: 'maps/a.tpl:7:3',
        code: 'SLUICE-CONFIGURATION-20',
        severity: 'error',
      },
    ])
  })

  test.each<readonly [string, string, Partial<CompiledModules>, string, string]>([
    [
      'modules that are nowhere',
      '{graph: {modules: map, files: g.jsonl}}',
      {},
      'map, files',
      'No module is called so.',
    ],
    [
      'a class that is not an entity type',
      `{graph: ${graph}}`,
      { classes: new Map([['Computr', new Set<string>()]]) },
      'modules:',
      'A syncmapping makes "Computr", which is not an entity type. Did you mean "Computer"?',
    ],
    [
      'a class whose type has no property for its key',
      `{graph: ${graph}}`,
      { classes: new Map([['Loose', new Set<string>()]]) },
      'modules:',
      'A syncmapping makes "Loose", which has no property "SyncKey"',
    ],
    [
      'a relationship that is not an association',
      `{graph: ${graph}}`,
      { relationships: new Map([['Host', new Set<string>()]]) },
      'modules:',
      'A syncmapping makes relationships of "Host", which is not an association. Did you mean "Hosts"?',
    ],
    [
      'an association whose end has no property for keys',
      `{graph: ${graph}}`,
      { relationships: new Map([['Knows', new Set<string>()]]) },
      'modules:',
      '"Knows" ends at "Loose", which has no property "SyncKey"',
    ],
    [
      'a data model that there is not',
      '{graph: {modules: maps, files: g.jsonl, dataModel: 7}}',
      {},
      '7',
      'must be 6 or less',
    ],
    [
      'what no syncmapping makes',
      `{graph: ${graph}, entities: {Disk: {}}}`,
      computers,
      'Disk',
      'No syncmapping makes "Disk".',
    ],
    [
      'what no syncmapping sets',
      `{graph: ${graph}, entities: {Computer: {properties: {Memry: {policy: master_unlocked}}}}}`,
      computers,
      'Memry',
      'No syncmapping sets "Memry" of "Computer". Did you mean "Memory"?',
    ],
    [
      'a file of its own',
      `{graph: ${graph}, entities: {Computer: {file: a.csv}}}`,
      computers,
      'file: a.csv',
      'so "file" is not allowed',
    ],
    [
      'a column',
      `{graph: ${graph}, entities: {Computer: {properties: {Name: {column: n}}}}}`,
      computers,
      'column: n',
      '"Name" is set by a syncmapping, so "column" is not allowed here.',
    ],
    [
      'an open table, too',
      `{table: true, graph: ${graph}}`,
      {},
      'graph',
      'The source is an open table, which has no graph.',
    ],
    [
      'an input that is of several kinds',
      '{graph: {modules: maps, files: [{nodes: n.csv, kid: x}]}}',
      {},
      'kid: x',
      'There is no key "kid"',
    ],
    [
      'a table without a kind',
      '{graph: {modules: maps, files: [{table: n.csv}]}}',
      {},
      '{table',
      '"kind" is missing',
    ],
  ])('refuses %s', (_, source, made, at, says) => {
    const { findings } = configured(source, made)
    const [first] = findings
    expect(first?.says).toContain(says)
    expect(first?.at).toMatch(new RegExp(`^${at.replaceAll('{', '\\{')}`))
    expect(findings).toHaveLength(1)
  })

  test('takes its inputs as they are written, with what was left out filled in', () => {
    const files = `
      - parts
      - {file: dump, form: graphml}
      - {nodes: nodes.csv, kind: {column: type}, attributes: {ram: {column: memory, type: number}}}
      - {relationships: rels.csv, from: {column: host, kind: Host}, kind: Connection, toRole: Subnet}
      - {table: hosts.csv, kind: Host, id: 007, references: [{column: [site, room], to: Room, relationship: Location, role: Element}]}`
    const { source, findings } = configured(`\n    graph:\n     modules: maps\n     files: ${files}`)
    expect(findings).toEqual([])
    const format = { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' }
    const destroyed = { column: 'destroyed', ifThere: true }
    expect(source?.graph?.inputs).toMatchObject([
      { type: 'document', file: 'parts', form: undefined },
      { type: 'document', file: 'dump', form: 'graphml' },
      {
        type: 'nodes',
        file: 'nodes.csv',
        format,
        id: ['id'],
        kind: { column: 'type', ifThere: false },
        isQualified: false,
        destroyed,
        attributes: [{ name: 'ram', column: 'memory', type: 'number' }],
        references: [],
      },
      {
        type: 'relationships',
        from: { columns: ['host'], kind: 'Host' },
        to: { columns: ['to'], kind: undefined },
        kind: { text: 'Connection' },
        fromRole: { column: 'fromRole', ifThere: true },
        toRole: { text: 'Subnet' },
      },
      {
        type: 'nodes',
        id: ['007'],
        kind: { text: 'Host' },
        isQualified: true,
        attributes: undefined,
        references: [
          { columns: ['site', 'room'], to: 'Room', relationship: 'Location', role: 'Element', toRole: '' },
        ],
      },
    ])
  })

  test.each([
    [
      'both keep their keys in one property, and one finds resources by their values',
      '',
      '{rules: [[Name]]}',
      1,
    ],
    ['each keeps its keys in a property of its own', ', key: OtherKey', '{rules: [[Name]]}', 0],
    ['nothing is found by its values', '', '{policy: key}', 0],
  ])('is warned of where links would not find their ends: %s', (_, key, reconciliation, warnings) => {
    const other = `other: {graph: {modules: maps, files: graph.jsonl${key}}, entities: {Computer: {reconciliation: ${reconciliation}}}}`
    const sources = `{graph: ${graph}}\n  ${other}`
    const made = { ...computers, relationships: new Map([['Hosts', new Set<string>()]]) }
    const { findings: all } = configured(sources, made)
    const findings = all.filter(({ says }) => says.includes('their keys'))
    expect(findings).toHaveLength(warnings)
    for (const finding of findings) {
      expect(finding).toMatchObject({ severity: 'warning', at: expect.stringMatching(/^graph:/) })
      expect(finding.says).toBe(
        '"disco" and "other" find the same Computer by its values, and both keep their keys of it in "SyncKey": links of one of them will not find it. Give each of them a property of its own, such as "key: otherKey" under graph.',
      )
    }
  })

  describe('that is kept in the repository', () => {
    const storedAs = (modules: string, files: string) => {
      const compiled: string[] = []
      const syncmappings: Syncmappings = {
        find: () => 'No module is called so.',
        compile: (given) => {
          compiled.push(...given.map(({ path, text }) => `${path}: ${text}`))
          return { findings: [], classes: computers.classes, relationships: new Map() }
        },
      }
      const stored = [
        { name: 'disco', text: `sources: {disco: {graph: {modules: ${modules}, files: ${files}}}}` },
      ]
      return {
        ...parseConfiguration([{ path: 'sluice.yaml', text: model }], { stored, syncmappings }),
        compiled,
      }
    }

    test('has the texts of its modules with it', () => {
      const { configuration, findings, compiled } = storedAs('[{file: a.tpl, text: the text}]', 'graph.jsonl')
      expect(findings).toEqual([])
      expect(configuration?.sources.get('disco')?.graph?.modules).toEqual([
        { file: 'a.tpl', text: 'the text' },
      ])
      expect(configuration?.sources.get('disco')?.entities).toMatchObject([{ name: 'Computer' }])
      expect(compiled).toEqual(['a.tpl of disco: the text'])
    })

    test.each([
      ['files of modules', '[{file: a.tpl, text: tpl}, maps]', 'graph.jsonl', 'cannot name files of modules'],
      [
        'a file elsewhere',
        '[{file: a.tpl, text: tpl}]',
        '[{table: ../t.csv, kind: Host}]',
        '"../t.csv" would leave',
      ],
    ])('does not name %s', (_, modules, files, says) => {
      const refused = storedAs(modules, files).findings.filter(({ code }) => code === 'SLUICE-SOURCE-01')
      expect(refused).toMatchObject([{ message: expect.stringContaining(says) }])
    })
  })
})
