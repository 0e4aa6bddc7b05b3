/**
 * A source that is a graph and is kept in the repository, with the texts of its mappings: at the command line here, and through a server.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const model = `
repository: ./repository
entityTypes:
  Computer: {display: Name, properties: {SyncKey: string, Name: string}}
`

const definition = `
# Hosts, as they were found.
sources:
  discovery:
    mode: incremental
    graph: {files: graph.jsonl, modules: maps}
`

const moduleSetting = (name: string) => `tpl 1.15 module Hosts;
syncmapping Hosts 1.0
  "A host."
  overview tags CMDB; end overview;
  mapping on Host as host
    computer -> Computer;
  end mapping;
  body
    computer := sync.Computer(key := host.key, Name := ${name});
  end body;
end syncmapping;
`

const graph = '{"id": "h1", "kind": "Host", "attributes": {"key": "H1", "name": "alpha"}}\n'

describe.each([
  ['here', undefined],
  ['through a server', 'admin'],
] as const)('a stored graph source, %s', (_, role) => {
  let place: HereAndThere
  let folder = ''
  const sluice = (...args: readonly string[]) => place.caller(role)(...args)
  beforeEach(async () => {
    place = await hereAndThere('stored-graph', (made) => {
      mkdirSync(join(made, 'maps'))
      mkdirSync(join(made, 'data'))
      writeFileSync(join(made, 'sluice.yaml'), model)
      writeFileSync(join(made, 'discovery.yaml'), definition)
      writeFileSync(join(made, 'maps/hosts.tpl'), moduleSetting('host.nmae'))
      writeFileSync(join(made, 'data/graph.jsonl'), graph)
    })
    folder = place.placeOf(role).folder
  })
  afterEach(() => place[Symbol.asyncDispose]())

  const apply = async () =>
    expect(await sluice('source', 'apply', 'discovery.yaml')).toMatchObject({ status: 0 })

  /** An agent has the sources that it delivers in its own files. */
  const defineHere = async () => {
    if (role === undefined) return
    writeFileSync(join(folder, 'own.yaml'), (await sluice('source', 'show', 'discovery')).stdout)
    writeFileSync(join(folder, 'sluice.yaml'), `${model}include: [own.yaml]\n`)
  }

  test('is applied with the texts of the modules that its file names', async () => {
    await apply()
    const { stdout } = await sluice('source', 'show', 'discovery')
    expect(stdout).toContain('Stored in the repository.')
    expect(stdout).toContain('- file: maps/hosts.tpl')
    expect(stdout).toContain('computer := sync.Computer(key := host.key, Name := host.nmae);')
  })

  const synchronize = async () => {
    await apply()
    await defineHere()
    expect(await sluice('sync', 'discovery', '--folder', 'data', '--force')).toMatchObject({
      status: 0,
      stderr: '',
    })
  }

  test('is synchronized', async () => {
    await synchronize()
    expect((await sluice('resources', 'Computer', '--csv')).stdout).toBe('SyncKey,Name\nComputer/H1,\n')
  })

  test('gives what its mended module makes when its roots are evaluated again', async () => {
    await synchronize()
    writeFileSync(join(folder, 'maps/hosts.tpl'), moduleSetting('host.name'))
    expect((await sluice('source', 'apply', 'discovery.yaml')).stdout).toContain(
      'graph.modules.maps/hosts.tpl, line 9: "computer := sync.Computer(key := host.key, Name := host.nmae);" → ',
    )
    expect(await sluice('roots', 'evaluate', 'discovery', '--all')).toMatchObject({ status: 0 })
    expect((await sluice('resources', 'Computer', '--csv')).stdout).toContain('Computer/H1,alpha')
    expect((await sluice('explain', 'Computer', 'Computer/H1')).stdout).toContain('maps/hosts.tpl:9:')
  })

  test('refuses a module that is wrong, with its line, and keeps the one it has', async () => {
    await apply()
    writeFileSync(
      join(folder, 'maps/hosts.tpl'),
      moduleSetting('host.name').replace('sync.Computer', 'sync.Compter'),
    )
    const { status, stderr } = await sluice('source', 'apply', 'discovery.yaml')
    expect(status).not.toBe(0)
    expect(stderr).toContain('maps/hosts.tpl of discovery:9:')
    expect((await sluice('source', 'show', 'discovery')).stdout).toContain('sync.Computer(')
  })

  test('leaves the file of its definition as it is', async () => {
    await apply()
    expect(readFileSync(join(folder, 'discovery.yaml'), 'utf8')).toBe(definition)
  })
})
