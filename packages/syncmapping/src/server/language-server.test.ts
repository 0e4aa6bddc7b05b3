/**
 * What an editor is told of modules.
 */
import { expect, test } from 'vitest'
import { loadClassModel } from '../case/load-class-model.ts'
import { kindModelOf } from '../case/load-kind-model.ts'
import { LanguageServer } from './language-server.ts'

const base = `tpl 1.15 module CMDB.Base;

table Names 1.0
    "a" -> "b";
    default -> "c";
end table;

configuration Settings 1.0
    "Whether" all := true;
end configuration;

syncmapping Base 1.0
    """Hosts."""
    overview
        tags CMDB;
    end overview;
    constants
        prefix := "x";
    end constants;
    mapping on Host where os = "x" as host
        cs -> BMC_ComputerSystem;
        traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as rel, si
            ss -> BMC_SoftwareServer;
        end traverse;
    end mapping;
    body
        name := text.lower(host.name);
        cs := sync.BMC_ComputerSystem(key := host.key, Name := "%name% %host.name% %prefix%");
        for each rel, si do
            ss := sync.BMC_SoftwareServer(key := si.key, Name := si.product, Short := Names[si.type]);
            sync.rel.BMC_HostedSystemComponents(Source := cs, Destination := ss, Name := rel.name);
        end for;
    end body;
end syncmapping;
`
const other = `tpl 1.15 module CMDB.Other;
from CMDB.Base import Base 1.0 as Hosts, Names 1.0;

syncmapping Other 1.0
    """More."""
    overview
        tags CMDB;
    end overview;
    mapping from Hosts.host as machine
    end mapping;
    body
        if machine.os = Names["a"] then
            Hosts.cs.Model := machine.model;
        end if;
    end body;
end syncmapping;
`

const onHost = `tpl 1.15 module CMDB.OnHost;
syncmapping OnHost 1.0
    """More."""
    overview
        tags CMDB;
    end overview;
    mapping on Host as machine
        traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as software
        end traverse;
    end mapping;
    body
    end body;
end syncmapping;
`

const [baseUri, otherUri] = ['file:///m/base.tpl', 'file:///m/other.tpl']

function served(
  texts: Readonly<Record<string, string>> = { [baseUri]: base, [otherUri]: other },
): LanguageServer {
  const server = new LanguageServer()
  for (const [uri, text] of Object.entries(texts)) server.store(uri, text)
  return server
}

/** The place after `before` in a text, where it stands first. */
function after(text: string, before: string) {
  const lines = text.slice(0, text.indexOf(before) + before.length).split('\n')
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
}

function textAt(
  text: string,
  { start, end }: { start: { line: number; character: number }; end: { character: number } },
) {
  return text.split('\n')[start.line]?.slice(start.character, end.character)
}

/** What can be written where `written` takes the place of `instead`, and the cursor is at its end. */
function completed(written: string, instead: string): readonly string[] {
  const [before = '', ...others] = base.split(instead)
  expect(others).not.toEqual([])
  const server = served()
  server.write(baseUri, before + written + others.join(instead))
  return server.complete(baseUri, after(before + written, before + written)).map(({ label }) => label)
}

test('the modules of these tests are right', () => {
  expect([...served().diagnostics()]).toEqual([
    [baseUri, []],
    [otherUri, []],
  ])
})

test('what is wrong is told of all modules together, while one is written', () => {
  const server = served()
  server.write(baseUri, base.replace('as host', 'as hst'))
  const messages = server
    .diagnostics()
    .get(otherUri)
    ?.map(({ message }) => message)
  expect(messages).toEqual(['Base declares no source variable host.\nDid you mean "hst"?'])
  server.write(baseUri, undefined)
  expect(server.diagnostics().get(otherUri)).toEqual([])
})

test('a module that is gone is missed where it is imported', () => {
  const server = served()
  server.store(baseUri, undefined)
  expect(server.diagnostics().has(baseUri)).toBe(false)
  expect(
    server
      .diagnostics()
      .get(otherUri)
      ?.map(({ code }) => code),
  ).toContain('IMPORT_MISSING')
})

const inBody = 'name := text.lower(host.name);'

test.each([
  ['attributes that were read of nodes of a kind', 'x := host.', inBody, ['key', 'name', 'os', 'model']],
  ['attributes in a text', 'x := "%host.', inBody, ['key', 'name']],
  ['names in a text', 'x := "a %', inBody, ['host', 'cs', 'prefix']],
  ['functions of a namespace', 'x := text.lo', inBody, ['lower', 'upper']],
  ['classes', 'cs := sync.', inBody, ['BMC_ComputerSystem', 'BMC_DataBase', 'shared', 'rel']],
  ['classes of shared CIs', 'cs := sync.shared.B', inBody, ['BMC_ComputerSystem']],
  ['relationship classes', 'sync.rel.', inBody, ['BMC_HostedSystemComponents']],
  [
    'attributes of the class in a call',
    'cs := sync.BMC_ComputerSystem(',
    inBody,
    ['key', 'Name', 'Model', 'host'],
  ],
  ['arguments of a function', 'x := time.delta(', inBody, ['days', 'hours']],
  ['attributes of a target', 'cs.', inBody, ['Name', 'Model']],
  [
    'statements, names, functions',
    'na',
    inBody,
    ['if', 'for each', 'end body;', 'host', 'Names', 'text', 'size'],
  ],
  ['operators after a value', 'x := host.name ', inBody, ['and', 'is defined', 'matches']],
  ['settings of a configuration', 'x := Settings.', inBody, ['all']],
  ['traversals', 'for each ', 'for each rel, si do', ['si']],
  ['traversals after their relationship', 'for each rel, ', 'for each rel, si do', ['si']],
  [
    'names inside of a loop',
    'x := ',
    'ss := sync.BMC_SoftwareServer(key := si.key, Name',
    ['si', 'ss', 'rel', 'cs'],
  ],
  [
    'classes of targets',
    'cs -> B',
    'cs -> BMC_ComputerSystem;',
    ['BMC_ComputerSystem', 'BMC_SoftwareServer'],
  ],
  ['kinds of nodes', 'mapping on ', 'mapping on Host where os = "x"', ['SoftwareInstance']],
  [
    'kinds at the end of a traversal',
    'traverse Host:A:B:',
    'traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance',
    ['Host'],
  ],
  ['entries of a block', 'tr', 'traverse Host', ['traverse', 'group', 'end mapping;']],
  ['entries of an overview', 'ta', 'tags CMDB;', ['tags', 'datamodel', 'overrides']],
  ['declarations', 'syn', 'table Names', ['syncmapping', 'table', 'from']],
  ['what ends', 'end ', 'end for;', ['for;']],
])('completes %s', (_, written, instead, expected) => {
  expect(completed(written, instead)).toEqual(expect.arrayContaining([...expected]))
})

test.each([
  ['comments', '// ho', inBody],
  ['texts', 'x := "ho', inBody],
  ['numbers', 'x := 1', inBody],
  ['names that are new', 'cs -> A; traverse a:b:c:d as ', 'cs -> BMC_ComputerSystem;'],
])('completes nothing in %s', (_, written, instead) => {
  expect(completed(written, instead)).toEqual([])
})

test('completes no name that is known only inside of a loop', () => {
  expect(completed('x := ', inBody)).not.toContain('si')
})

test('completes what another mapping can be asked for', () => {
  const written = 'Hosts.'
  const changed = other.replace('Hosts.cs.Model := machine.model;', written)
  const server = served({ [baseUri]: base, [otherUri]: changed })
  const place = after(changed, `then\n            ${written}`)
  expect(server.complete(otherUri, place).map(({ label }) => label)).toEqual(
    expect.arrayContaining(['host', 'cs', 'si', 'prefix']),
  )
})

test('completes classes and attributes of the class model', () => {
  const classes = loadClassModel({
    BMC_A: { super: null, attrs: ['One'] },
    BMC_B: { super: 'BMC_A', attrs: ['Two'] },
  })
  const server = new LanguageServer(classes)
  const changed = base.replace(inBody, 'cs := sync.BMC_B(')
  server.write(baseUri, changed)
  const labels = server.complete(baseUri, after(changed, 'sync.BMC_B(')).map(({ label }) => label)
  expect(labels).toEqual(expect.arrayContaining(['One', 'Two', 'key']))
})

test.each([
  ['text.low', 'text.lower(text) → text'],
  ['host.na', 'attribute `name` of a node of kind `Host`'],
  ['lower(ho', 'variable `host`, node of kind `Host` (mapping on Host)'],
  ['for each rel, s', '(traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance)'],
  ['Source := c', 'target `cs`: one CI of class `BMC_ComputerSystem`, which extends `BMC_System`'],
  ['sync.BMC_Com', 'class `BMC_ComputerSystem`'],
  ['Name := "%na', 'variable `name` of the body'],
  ['%host.name% %pre', 'constant `prefix` = `"x"`'],
  ['traverse Ho', 'role `Host` of a relationship'],
  ['traverse Host:Hos', 'relationship `HostedSoftware` of the source graph'],
  ['RunningSoftware:Sof', 'kind of node `SoftwareInstance`'],
  ['mapping on Ho', 'kind of node `Host`'],
  ['Short := Na', 'table `Names` of module `CMDB.Base`'],
  ['host.key, Na', 'attribute `Name` of `BMC_ComputerSystem`'],
])('hovering after %s says %s', (before, expected) => {
  expect(served().hover(baseUri, after(base, before))).toMatchObject({
    contents: { value: expect.stringContaining(expected) },
  })
})

test.each([
  ['a variable of the body', baseUri, base, 'Name := "%na', baseUri, base, 'name'],
  ['a target', baseUri, base, 'Source := c', baseUri, base, 'cs'],
  ['a table', otherUri, other, 'machine.os = Na', baseUri, base, 'Names'],
  ['an imported mapping', otherUri, other, 'mapping from Ho', baseUri, base, 'Base'],
  ['a variable of another mapping', otherUri, other, 'mapping from Hosts.ho', baseUri, base, 'host'],
  ['a target of another mapping', otherUri, other, 'Hosts.c', baseUri, base, 'cs'],
  ['a kind, where its roots are mapped', otherUri, onHost, 'mapping on Ho', baseUri, base, 'Host'],
  ['a role, where it is named first', otherUri, onHost, 'traverse Ho', baseUri, base, 'Host'],
  ['a relationship', otherUri, onHost, 'traverse Host:Hos', baseUri, base, 'HostedSoftware'],
  ['a module', otherUri, other, 'from CMDB.Ba', baseUri, base, 'CMDB.Base'],
])('goes to %s', (_what, uri, text, before, there, thereText, expected) => {
  const found = served({ [baseUri]: base, [otherUri]: text === base ? other : text }).definition(
    uri,
    after(text, before),
  )
  expect(found?.uri).toBe(there)
  expect(found && textAt(thereText, found.range)).toBe(expected)
})

test('finds what is of the source graph, and gives it no other name', () => {
  const server = served({ [baseUri]: base, [otherUri]: onHost })
  const place = after(onHost, 'traverse Host:Hos')
  expect(server.references(otherUri, place).map(({ uri }) => uri)).toEqual([baseUri, otherUri])
  expect(server.renamed(otherUri, place)).toBeUndefined()
  expect(server.rename(otherUri, place, 'other')).toMatchObject({ type: 'refused' })
})

test('knows the kinds of the source graph where they are given', () => {
  const kinds = kindModelOf({
    nodes: [
      { id: 'h', kind: 'Host', attrs: { key: 'H', os: 'x', vendor: 'y' } },
      { id: 'c', kind: 'Cluster', attrs: {} },
    ],
    rels: [{ kind: 'Collection', from: 'h', fromRole: 'Member', to: 'c', toRole: 'Collection', attrs: {} }],
  })
  const server = new LanguageServer(undefined, { kinds })
  const at = (written: string) => {
    const text = base.replace('        traverse Host', `        ${written}`)
    server.write(baseUri, text)
    return server.complete(baseUri, after(text, written)).map(({ label }) => label)
  }
  expect(at('traverse ')).toEqual(expect.arrayContaining(['Member', 'Collection']))
  expect(at('traverse Member:')).toContain('Collection')
  expect(at('traverse Member:Collection:Collection:')).toContain('Cluster')
  const inBody = base.replace('name := text.lower(host.', 'name := text.lower(host.vendor + host.')
  server.write(baseUri, inBody)
  expect(server.complete(baseUri, after(inBody, 'lower(host.')).map(({ label }) => label)).toContain('vendor')
  // What is being typed is no attribute, and neither is what is misspelt elsewhere.
  const misspelt = base.replace('name := text.lower(host.', 'name := text.lower(host.vndor + host.ven')
  server.write(baseUri, misspelt)
  const offered = server.complete(baseUri, after(misspelt, '+ host.ven')).map(({ label }) => label)
  expect(offered).toEqual(['key', 'os', 'vendor'])
  server.write(baseUri, inBody)
  expect(server.hover(baseUri, after(inBody, 'mapping on Ho'))).toMatchObject({
    contents: { value: 'kind of node `Host`\n\nAttributes: `key`, `os`, `vendor`' },
  })
  expect(server.diagnostics().get(baseUri)).toContainEqual(expect.objectContaining({ code: 'KIND_UNKNOWN' }))
})

/** The texts after a change of a name. */
function renamed(uri: string, text: string, before: string, name: string) {
  const answer = served().rename(uri, after(text, before), name)
  if (answer.type === 'refused') return answer.reason
  return Object.fromEntries(
    Object.entries({ [baseUri]: base, [otherUri]: other }).map(([file, old]) => [
      file,
      edited(old, answer.changes[file]),
    ]),
  )
}

function edited(
  text: string,
  edits: readonly { range: Parameters<typeof textAt>[1]; newText: string }[] = [],
): string {
  const lines = text.split('\n')
  for (const { range, newText } of [...edits].sort(
    (a, b) => b.range.start.character - a.range.start.character,
  )) {
    const line = lines[range.start.line] ?? ''
    lines[range.start.line] = line.slice(0, range.start.character) + newText + line.slice(range.end.character)
  }
  return lines.join('\n')
}

test('renames a source variable in texts, in bodies and in mappings that extend it', () => {
  expect(renamed(baseUri, base, 'lower(ho', 'node')).toEqual({
    [baseUri]: base.replace('as host', 'as node').replaceAll('host.', 'node.'),
    [otherUri]: other.replace('Hosts.host', 'Hosts.node'),
  })
})

test('renames a target across modules', () => {
  expect(renamed(otherUri, other, 'Hosts.c', 'machine')).toEqual({
    [baseUri]: base
      .replace('cs ->', 'machine ->')
      .replace('cs :=', 'machine :=')
      .replace('Source := cs', 'Source := machine'),
    [otherUri]: other.replace('Hosts.cs', 'Hosts.machine'),
  })
})

test('renames a table where it is imported, and an alias where it is used alone', () => {
  expect(renamed(baseUri, base, 'table Na', 'Short_Names')).toEqual({
    [baseUri]: base.replaceAll('Names', 'Short_Names'),
    [otherUri]: other.replaceAll('Names', 'Short_Names'),
  })
  expect(renamed(otherUri, other, 'mapping from Ho', 'Machines')).toEqual({
    [baseUri]: base,
    [otherUri]: other.replaceAll('Hosts', 'Machines'),
  })
})

test.each([
  ['a name that is taken', 'lower(ho', 'cs', 'cs is declared already'],
  ['a name that would hide another', 'na', 'prefix', 'prefix'],
  ['what is not a name', 'lower(ho', '1a', 'is not a name'],
  ['a function', 'text.low', 'upper', 'declared in no module'],
  ['a module', 'module CMDB.Ba', 'X', 'name of a module'],
])('refuses to rename to %s', (_, before, name, reason) => {
  const at = before === 'na' ? 'Name := "%na' : before
  expect(renamed(baseUri, base, at, name)).toContain(reason)
})

test('only what a module declares can be renamed', () => {
  expect(served().renamed(baseUri, after(base, 'text.low'))).toBeUndefined()
  expect(served().renamed(baseUri, after(base, 'lower(ho'))).toMatchObject({ start: after(base, 'lower(') })
})

test('lists what a module declares as an outline', () => {
  const symbols = served().symbols(baseUri)
  expect(symbols.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
    'Names table',
    'Settings configuration',
    'Base on Host',
  ])
  const inside = symbols[2]?.children ?? []
  expect(inside.map(({ name }) => name)).toEqual(['prefix', 'host', 'cs', 'si'])
  expect(inside[3]?.children?.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
    'ss BMC_SoftwareServer',
  ])
})

test('every prefix of a module is served: nothing is thrown, and ranges lie around their names', () => {
  for (let length = 0; length < base.length; length += 7) {
    const text = base.slice(0, length)
    const server = served({ [baseUri]: text, [otherUri]: other })
    server.diagnostics()
    server.complete(baseUri, after(text, text))
    for (const { range, selectionRange } of server.symbols(baseUri)) {
      expect(range.start.line).toBeLessThanOrEqual(selectionRange.start.line)
      expect(range.end.line).toBeGreaterThanOrEqual(selectionRange.end.line)
    }
  }
})

test('formats a module, and leaves alone what cannot be read or is formatted already', () => {
  const server = new LanguageServer()
  const tidy = base.replace(', Short := Names[si.type]', '')
  server.write('file:///base.tpl', tidy.replace('        cs -> BMC', '  cs->BMC'))
  expect(server.format('file:///base.tpl')).toEqual([
    { range: { start: { line: 0, character: 0 }, end: { line: 34, character: 0 } }, newText: tidy },
  ])
  server.write('file:///base.tpl', tidy)
  expect(server.format('file:///base.tpl')).toEqual([])
  server.write('file:///base.tpl', tidy.replace(':=', ''))
  expect(server.format('file:///base.tpl')).toEqual([])
  expect(server.format('file:///nothing.tpl')).toEqual([])
})
