/**
 * Roots of a graph: which statements made a resource, what stopped a root, and how roots are evaluated anew without a delivery.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MadeByRoots, RootRecord } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { projectOf, valuesOf } from '../../test/project-of.ts'
import { openLocalProject } from './open-project.ts'

const configuration = `
entityTypes:
  BMC_BaseElement: {abstract: true, properties: {SyncKey: string, Name: string}}
  BMC_ComputerSystem: {extends: BMC_BaseElement, properties: {Domain: string}}
  BMC_SoftwareServer: {extends: BMC_BaseElement, properties: {VersionNumber: string}}
  BMC_IPConnectivitySubnet: {extends: BMC_BaseElement, properties: {Description: string}}
associations:
  BMC_HostedSystemComponents: {from: BMC_BaseElement, to: BMC_BaseElement, properties: {Name: string, HasImpact: string}}
  BMC_InIPSubnet: {from: BMC_BaseElement, to: BMC_BaseElement, properties: {HasImpact: string}}
sources:
  discovery:
    folder: data
    mode: incremental
    graph: {files: graph.jsonl, modules: maps}
`

/** Line 14 is the first of the body. */
const module = (body: readonly string[]) =>
  [
    'tpl 1.15 module Demo.Host;',
    'syncmapping Host_ComputerSystem 1.0',
    '  "A host, its software and its subnets."',
    '  overview tags CMDB; end overview;',
    '  mapping on Host as host',
    '    cs -> BMC_ComputerSystem;',
    '    traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si',
    '      ss -> BMC_SoftwareServer;',
    '    end traverse;',
    '    traverse DeviceOnSubnet:In:Subnet:Subnet as net',
    '      sub -> BMC_IPConnectivitySubnet;',
    '    end traverse;',
    '  end mapping;',
    '  body',
    ...body,
    '  end body;',
    'end syncmapping;',
  ].join('\n')

const body = [
  'cs := sync.BMC_ComputerSystem(key := host.key, Name := host.name, Domain := host.domain);',
  'for each si do',
  '  ss := sync.BMC_SoftwareServer(key := si.key, Name := si.name, VersionNumber := si.version);',
  '  sync.rel.BMC_HostedSystemComponents(Source := cs, Destination := ss, Name := "HOSTED", Impacted := cs);',
  'end for;',
  'for each net do',
  '  sub := sync.shared.BMC_IPConnectivitySubnet(key := net.key, Name := net.cidr);',
  '  sync.rel.BMC_InIPSubnet(Source := cs, Destination := sub);',
  '  if net.owner then sub.Description := host.name; end if;',
  'end for;',
]

/** It may make all of that, and makes the host alone. */
const emptied = [...body.slice(0, 1), 'if not host.name then', ...body.slice(1), 'end if;']

const node = (id: string, kind: string, attributes: object) =>
  `${JSON.stringify({ id, kind, attributes: { key: id.toUpperCase(), ...attributes } })}\n`
const edge = (from: string, kind: string, to: string) => {
  const [fromRole, toRole] = kind === 'In' ? ['DeviceOnSubnet', 'Subnet'] : ['Host', 'RunningSoftware']
  return `${JSON.stringify({ from, fromRole, kind, toRole, to })}\n`
}

const graph = [
  node('h1', 'Host', { name: 'alpha', domain: 'x.org' }),
  node('h2', 'Host', { name: 'beta' }),
  node('s1', 'SoftwareInstance', { name: 'Apache', version: '2.4' }),
  node('n1', 'Subnet', { cidr: '10.0.0.0/24' }),
  edge('h1', 'HostedSoftware', 's1'),
  edge('h1', 'In', 'n1'),
  edge('h2', 'In', 'n1'),
].join('')

const files = { 'maps/host.tpl': module(body), 'data/graph.jsonl': graph }

async function synchronized(more = '') {
  const harness = await projectOf({ configuration: configuration + more, files })
  await harness.project.sync('discovery')
  return {
    harness,
    made: async (type: string, key: string): Promise<MadeByRoots> => {
      const explanation = await harness.project.repository.explain(type, key)
      const made = explanation?.replicas[0]?.made
      if (made === undefined) throw new Error(`Nothing is explained of ${type} ${key}.`)
      return made
    },
    roots: async (query = {}): Promise<readonly RootRecord[]> => {
      const found: RootRecord[] = []
      for await (const root of harness.project.repository.roots('discovery', query)) found.push(root)
      return found
    },
    /** Another text of the module, as it is after somebody has edited it. */
    edit: async (lines: readonly string[]) => {
      await harness.write({ 'maps/host.tpl': module(lines) })
      await harness.reconfigure((text) => text)
    },
    names: async (type: string) => (await valuesOf(harness.project, type)).map(({ Name }) => Name),
  }
}

const at = ({ by }: Pick<MadeByRoots['attributes'][number], 'by'>) =>
  by === null ? null : `${by.mapping} ${by.file}:${by.line}:${by.column}`

describe('what roots have made', () => {
  test('each attribute and link is of a statement of a module, and of the root that gave it', async () => {
    const { harness, made } = await synchronized()
    await using _ = harness
    const { owners, roots, attributes, links, notes } = await made('BMC_ComputerSystem', 'H1')
    expect({ owners, roots, notes }).toEqual({
      owners: 1,
      roots: [{ root: 'h1', kind: 'Host', failure: null }],
      notes: [],
    })
    expect(attributes.map((one) => [one.property, one.now, one.stored, at(one)])).toEqual([
      ['Domain', 'x.org', 'x.org', 'Host_ComputerSystem maps/host.tpl:15:67'],
      ['Name', 'alpha', 'alpha', 'Host_ComputerSystem maps/host.tpl:15:48'],
    ])
    expect(links.map((link) => [link.association, link.to, at(link)])).toEqual([
      ['BMC_HostedSystemComponents', 'BMC_SoftwareServer/S1', 'Host_ComputerSystem maps/host.tpl:18:3'],
      ['BMC_InIPSubnet', 'BMC_IPConnectivitySubnet/N1', 'Host_ComputerSystem maps/host.tpl:22:3'],
    ])
    expect(links[0]?.now).toEqual({ Name: 'HOSTED', HasImpact: 'Yes' })
    expect(links[0]?.now).toEqual(links[0]?.stored)
  })

  test('of what several roots share, each attribute is of the root that comes last by its name', async () => {
    const { harness, made } = await synchronized()
    await using _ = harness
    const subnet = await made('BMC_IPConnectivitySubnet', 'N1')
    expect(subnet).toMatchObject({
      owners: 2,
      roots: [{ root: 'h1' }, { root: 'h2' }],
      attributes: [{ property: 'Name', root: 'h2', now: '10.0.0.0/24', by: { line: 21 } }],
    })
    expect(subnet.links.map(({ from, root }) => [from, root]).sort()).toEqual([
      ['BMC_ComputerSystem/H1', 'h1'],
      ['BMC_ComputerSystem/H2', 'h2'],
    ])
  })

  test('a module that was edited since gives something else than what is stored, and both are shown', async () => {
    const { harness, made, edit } = await synchronized()
    await using _ = harness
    await edit([
      ...body.slice(0, 1),
      'cs.Name := "%host.name%.%host.domain%";',
      'if not host.name then',
      ...body.slice(1, 5),
      'end if;',
      ...body.slice(5),
    ])
    const { attributes, links } = await made('BMC_ComputerSystem', 'H1')
    expect(attributes[1]).toMatchObject({
      property: 'Name',
      now: 'alpha.x.org',
      stored: 'alpha',
      by: { line: 16, column: 4 },
      overwritten: [{ line: 15, column: 48, value: 'alpha' }],
    })
    expect(links.map(({ association, now, stored }) => [association, now, stored !== null])).toEqual([
      ['BMC_InIPSubnet', { HasImpact: 'No' }, true],
      ['BMC_HostedSystemComponents', null, true],
    ])
  })

  test('where a root fails now, or is gone, that is said, and nothing is taken for its', async () => {
    const { harness, made, edit } = await synchronized()
    await using _ = harness
    await edit([...body.slice(0, 1), 'cs.Name := host.name.first;', ...body.slice(1)])
    const broken = await made('BMC_ComputerSystem', 'H1')
    expect(broken.notes).toEqual([
      'Evaluated now, root h1 fails: maps/host.tpl:16:22: There is no attribute first, for this is text.',
    ])
    expect(broken.attributes[1]).toEqual({
      property: 'Name',
      root: 'h1',
      stored: 'alpha',
      by: null,
      overwritten: [],
    })
    await harness.execute("delete from sluice_graph_node where id = 'h1'")
    expect((await made('BMC_ComputerSystem', 'H1')).notes).toEqual(['Root h1 is not in the graph any more.'])
  })

  test('the evaluation of today writes nothing', async () => {
    const { harness, made, edit } = await synchronized()
    await using _ = harness
    const stored = () => harness.rows('select * from sluice_graph_result order by mapping, key, root')
    const before = await stored()
    await edit(emptied)
    await made('BMC_ComputerSystem', 'H1')
    expect(await stored()).toEqual(before)
    expect(await harness.project.repository.runs()).toHaveLength(1)
  })
})

/** Neither root comes through. */
const failing = [...body, 'cs.Name := text.upper(host.domain.name);']
const mended = [...body, 'cs.Name := text.upper(host.name);']

describe('roots', () => {
  test('are listed with what they give, and those that failed with the place and the run', async () => {
    const { harness, roots, edit } = await synchronized()
    await using _ = harness
    expect(await roots()).toEqual([
      { root: 'h1', kind: 'Host', cis: 3, links: 2, failure: null },
      { root: 'h2', kind: 'Host', cis: 2, links: 1, failure: null },
    ])
    await edit([
      ...body,
      'if not host.domain then cs := sync.BMC_ComputerSystem(key := host.domain); end if;',
    ])
    await harness.project.sync('discovery', { mode: 'complete' })
    expect(await roots({ failed: true })).toMatchObject([
      {
        root: 'h2',
        cis: 2,
        failure: {
          problem: 'KEY_MISSING',
          nature: 'transient',
          file: 'maps/host.tpl',
          line: 25,
          column: 31,
          sinceRun: 2,
        },
      },
    ])
    expect(await roots({ kind: 'SoftwareInstance' })).toEqual([])
    expect(await roots({ limit: 1, after: 'h1' })).toMatchObject([{ root: 'h2' }])
    expect(await harness.project.repository.explain('BMC_ComputerSystem', 'H2')).toMatchObject({
      replicas: [{ made: { roots: [{ failure: { problem: 'KEY_MISSING', sinceRun: 2 } }] } }],
    })
  })

  test('one shows what it gives, with whom it shares that, and the graph that it reaches', async () => {
    const { harness } = await synchronized()
    await using _ = harness
    const found = await harness.project.root('discovery', 'h1')
    expect(found?.gives.map(({ mapping, key, sharedWith }) => [mapping, key, sharedWith])).toContainEqual([
      'BMC_IPConnectivitySubnet',
      'BMC_IPConnectivitySubnet/N1',
      ['h2'],
    ])
    expect(found?.subgraph?.nodes.map(({ id }) => id)).toEqual(['h1', 'n1', 's1'])
    expect(found?.subgraph?.rels).toContainEqual({
      from: 'h1',
      fromRole: 'Host',
      kind: 'HostedSoftware',
      toRole: 'RunningSoftware',
      to: 's1',
      attrs: {},
    })
    expect(await harness.project.root('discovery', 'h9')).toBeUndefined()
  })
})

describe('roots that are evaluated anew', () => {
  test('need no export: what failed is mended, and the next incremental builds on what it would have', async () => {
    const { harness, roots, edit, names } = await synchronized()
    await using _ = harness
    await edit(failing)
    await harness.project.sync('discovery', { mode: 'complete' })
    expect((await roots({ failed: true })).map(({ root }) => root)).toEqual(['h1', 'h2'])
    await edit(mended)
    const report = await harness.project.evaluateRoots('discovery', { failed: true }, { comment: 'mended' })
    expect(report).toMatchObject({
      cause: 'decision',
      state: 'applied',
      comment: 'mended',
      entities: [{ mapping: 'nodes', rows: { read: 0 } }, {}, { changes: { updated: 2 } }, {}, {}],
    })
    expect(await names('BMC_ComputerSystem')).toEqual(['ALPHA', 'BETA'])
    expect(await roots({ failed: true })).toEqual([])
    expect(await harness.project.evaluateRoots('discovery', { failed: true })).toBeUndefined()
  })

  test('leave the chain of deliveries as it is', async () => {
    const { harness, names } = await synchronized()
    await using _ = harness
    expect(await harness.project.evaluateRoots('discovery', { all: true })).toMatchObject({
      state: 'applied',
      notes: ['2 roots evaluated.'],
    })
    await harness.write({ 'data/graph.jsonl': graph.replace('"alpha"', '"gamma"') })
    expect(await harness.project.sync('discovery')).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(await names('BMC_ComputerSystem')).toContain('gamma')
  })

  test('an edited module can be tried on one root, and a plan of that writes nothing', async () => {
    const { harness, edit, names } = await synchronized()
    await using _ = harness
    await edit(mended)
    const plan = await harness.project.planEvaluateRoots('discovery', { roots: ['h1'] })
    expect(plan?.changes).toMatchObject([{ before: { Name: 'alpha' }, after: { Name: 'ALPHA' } }])
    expect(await names('BMC_ComputerSystem')).toEqual(['alpha', 'beta'])
    await harness.project.evaluateRoots('discovery', { roots: ['h1'] })
    expect(await names('BMC_ComputerSystem')).toEqual(['ALPHA', 'beta'])
    await harness.project.evaluateRoots('discovery', { kind: 'Host' })
    expect(await names('BMC_ComputerSystem')).toEqual(['ALPHA', 'BETA'])
  })

  test('what they do not give any more goes, and what they share stays with the others', async () => {
    const { harness, edit, names } = await synchronized()
    await using _ = harness
    await edit(emptied)
    await harness.project.evaluateRoots('discovery', { roots: ['h1'] }, { force: true })
    expect(await names('BMC_SoftwareServer')).toEqual([])
    expect(await names('BMC_IPConnectivitySubnet')).toEqual(['10.0.0.0/24'])
    await harness.project.evaluateRoots('discovery', { all: true }, { force: true })
    expect(await names('BMC_IPConnectivitySubnet')).toEqual([])
  })

  test('are held by a threshold, applied when somebody approves, and computed again where the repository moved', async () => {
    const { harness, edit, names } = await synchronized('    thresholds: {updated: {count: 1}}\n')
    await using _ = harness
    await edit(mended)
    const held = await harness.project.evaluateRoots('discovery', { all: true })
    expect(held).toMatchObject({ cause: 'decision', state: 'held' })
    await harness.execute("update bmc_computer_system set domain = 'y.org' where name = 'alpha'")
    const again = await harness.project.approve(held?.run ?? 0, { by: 'ann' })
    expect(again).toMatchObject({ moved: true, report: { cause: 'decision', state: 'held' } })
    expect(await names('BMC_ComputerSystem')).toEqual(['alpha', 'beta'])
    await harness.project.approve(again.report.run ?? 0, { by: 'ann' })
    expect(await names('BMC_ComputerSystem')).toEqual(['ALPHA', 'BETA'])
  })

  test('are refused where there is no such root, or the source is no graph', async () => {
    const { harness } = await synchronized()
    await using _ = harness
    const { project } = harness
    await expect(project.evaluateRoots('discovery', { roots: ['h1', 'h9', 's1'] })).rejects.toThrow(
      'discovery has no node "h9"; no root "s1", which is SoftwareInstance (roots are Host).',
    )
    await expect(project.evaluateRoots('nothing', { all: true })).rejects.toMatchObject({
      code: 'SLUICE-ROOT-02',
    })
    expect(await project.evaluateRoots('discovery', { kind: 'Printer' })).toBeUndefined()
  })
})

test('a repository in a folder does all of that, too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-roots-'))
  await using place = await testLocation('pglite')
  if (place.location.kind !== 'folder') throw new Error('a folder')
  try {
    for (const name of ['maps', 'data']) await mkdir(join(folder, name))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    await writeFile(join(folder, 'sluice.yaml'), `repository: ${place.location.path}\n${configuration}`)
    await using project = await openLocalProject(folder)
    await project.sync('discovery')
    expect(await project.repository.explain('BMC_ComputerSystem', 'H1')).toMatchObject({
      replicas: [{ made: { attributes: [{ by: { line: 15 } }, { by: { line: 15 } }], links: [{}, {}] } }],
    })
    const roots: RootRecord[] = []
    for await (const root of project.repository.roots('discovery', { kind: 'Host' })) roots.push(root)
    expect(roots.map(({ root }) => root)).toEqual(['h1', 'h2'])
    expect(await project.root('discovery', 'h2')).toMatchObject({ cis: 2, subgraph: { nodes: [{}, {}] } })
    expect(await project.evaluateRoots('discovery', { roots: ['h1'] })).toMatchObject({
      state: 'applied',
      notes: ['1 root evaluated.'],
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
