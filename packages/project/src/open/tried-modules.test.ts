/**
 * Modules of a graph source that somebody is writing: what they are checked against, and what a root would give by them.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TriedItem, TriedRoot } from '@sluice/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { openLocalProject } from './open-project.ts'
import { openServedProject, type ServedProject } from './open-served-project.ts'

const configuration = `
entityTypes:
  BMC_ComputerSystem: {properties: {SyncKey: string, Name: string, Domain: string}}
  BMC_SoftwareServer: {properties: {SyncKey: string, Name: string}}
associations:
  BMC_HostedSystemComponents: {from: BMC_ComputerSystem, to: BMC_SoftwareServer, properties: {Name: string}}
sources:
  discovery: {folder: data, graph: {files: graph.jsonl, modules: maps}}
`

const module = (...body: readonly string[]) => `tpl 1.15 module Demo.Host;
syncmapping Host_ComputerSystem 1.0
  "A host and its software."
  overview tags CMDB; end overview;
  mapping on Host as host
    cs -> BMC_ComputerSystem;
    traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si
      ss -> BMC_SoftwareServer;
    end traverse;
  end mapping;
  body
    ${body.join('\n    ')}
  end body;
end syncmapping;
`

const stored = [
  'cs := sync.BMC_ComputerSystem(key := host.key, Name := host.nmae, Domain := host.domain);',
  'for each si do',
  '  ss := sync.BMC_SoftwareServer(key := si.key, Name := si.name);',
  '  sync.rel.BMC_HostedSystemComponents(Source := cs, Destination := ss, Name := "HOSTED");',
  'end for;',
]
const mended = [(stored[0] ?? '').replace('nmae', 'name'), ...stored.slice(1)]

const graph = [
  { id: 'h1', kind: 'Host', attributes: { key: 'H1', name: 'alpha', domain: 'x.org' } },
  { id: 's1', kind: 'SoftwareInstance', attributes: { key: 'S1', name: 'Apache' } },
  { from: 'h1', fromRole: 'Host', kind: 'HostedSoftware', toRole: 'RunningSoftware', to: 's1' },
]

describe.each(['pglite', 'postgres-18'] as const)('modules that are tried, on %s', (database) => {
  const opened = new AsyncDisposableStack()
  let project: ServedProject

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-tried-'))
    opened.defer(() => rm(folder, { recursive: true, force: true }))
    const { location } = opened.use(await testLocation(database))
    const repository =
      location.kind === 'postgres' ? { url: location.url, schema: location.schema } : location.path
    for (const name of ['data', 'maps']) await mkdir(join(folder, name))
    await writeFile(join(folder, 'sluice.yaml'), `repository: ${JSON.stringify(repository)}${configuration}`)
    await writeFile(join(folder, 'maps/host.tpl'), module(...stored))
    await writeFile(join(folder, 'data/graph.jsonl'), graph.map((one) => `${JSON.stringify(one)}\n`).join(''))
    {
      await using local = await openLocalProject(folder)
      await local.sync('discovery')
    }
    project = opened.use(await openServedProject(folder, { environment: {} }))
  })
  afterAll(() => opened.disposeAsync())

  const tried = (body: readonly string[], root = 'h1') =>
    project.synchronizer.roots.try('discovery', {
      modules: [{ file: 'maps/host.tpl', text: module(...body) }],
      root,
    })

  test('are shown with the classes they may make and the kinds the stored graph is made of', async () => {
    const { modules, classes, kinds } = await project.synchronizer.roots.modules('discovery')
    expect(modules.map(({ file }) => file)).toEqual(['maps/host.tpl'])
    expect(classes.classes['BMC_ComputerSystem']?.attrs).toEqual(['SyncKey', 'Name', 'Domain'])
    expect(classes.relationships['BMC_HostedSystemComponents']?.ends).toEqual({
      source: 'BMC_ComputerSystem',
      destination: 'BMC_SoftwareServer',
    })
    expect(kinds).toEqual({
      kinds: { Host: { attrs: ['domain', 'key', 'name'] }, SoftwareInstance: { attrs: ['key', 'name'] } },
      rels: [
        {
          kind: 'HostedSoftware',
          from: 'Host',
          fromRole: 'Host',
          to: 'SoftwareInstance',
          toRole: 'RunningSoftware',
        },
      ],
    })
  })

  test('that are those of today change nothing', async () => {
    const items = itemsOf(await tried(stored))
    expect(items.map(({ mapping, change }) => [mapping, change])).toEqual([
      ['BMC_ComputerSystem', 'unchanged'],
      ['BMC_SoftwareServer', 'unchanged'],
      ['BMC_HostedSystemComponents', 'unchanged'],
    ])
    // What a statement sets to nothing is seen, too.
    expect(items[0]?.fields['Name']).toMatchObject({ now: null, stored: null, by: { line: 12 } })
  })

  test('are seen in what changes, value by value, with the statement that writes it', async () => {
    const [computer, ...others] = itemsOf(await tried(mended))
    expect(computer).toMatchObject({
      change: 'update',
      names: ['BMC_ComputerSystem/H1'],
      fields: {
        Name: { now: 'alpha', stored: null, by: { file: 'maps/host.tpl', line: 12 } },
        Domain: { now: 'x.org', stored: 'x.org' },
      },
    })
    expect(others.map(({ change }) => change)).toEqual(['unchanged', 'unchanged'])
  })

  test('are seen in what comes and in what goes', async () => {
    const items = itemsOf(
      await tried([...mended.slice(0, 1), 'if not host.name then', ...mended.slice(1), 'end if;']),
    )
    expect(items.map(({ mapping, change }) => [mapping, change])).toEqual([
      ['BMC_ComputerSystem', 'update'],
      ['BMC_HostedSystemComponents', 'delete'],
      ['BMC_SoftwareServer', 'delete'],
    ])
    const renamed = itemsOf(
      await tried([(mended[0] ?? '').replace('host.key', '"X" + host.key'), ...mended.slice(1)]),
    )
    expect(renamed.filter(({ change }) => change === 'insert').map(({ names }) => names)).toEqual([
      ['BMC_ComputerSystem/XH1'],
      ['BMC_ComputerSystem/XH1', 'BMC_SoftwareServer/S1'],
    ])
  })

  test('that are no program are refused, with the place', async () => {
    const wrong = stored.map((line) => line.replace('sync.BMC_ComputerSystem', 'sync.BMC_ComputerSytem'))
    expect(await tried(wrong)).toMatchObject({
      state: 'refused',
      errors: [{ file: 'maps/host.tpl', line: 12 }],
    })
  })

  test('that fail say why, and where', async () => {
    const failing = [...mended, 'cs.Name := "a" + text.upper(host.nothing.more);']
    expect(await tried(failing)).toMatchObject({ state: 'failed', file: 'maps/host.tpl', line: 17 })
  })

  test('find no root that is not there', async () => {
    expect(await tried(stored, 'h9')).toEqual({ state: 'gone' })
  })
})

function itemsOf(tried: TriedRoot): readonly TriedItem[] {
  if (tried.state !== 'given') throw new Error(`The root was ${tried.state}: ${JSON.stringify(tried)}`)
  return tried.items
}
