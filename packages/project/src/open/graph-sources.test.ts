/** A graph from its files to a delivery: what is prepared of it, complete and incremental, and when it has to be everything. */
import { readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectOf } from '../../test/project-of.ts'
import { requireConfiguration } from '../folder/load-configuration.ts'
import type { PreparedStage } from './stages.ts'

const configuration = `
entityTypes:
  Computer: {properties: {SyncKey: string, Name: string}}
sources:
  disco:
    folder: data
    mode: incremental
    graph: {modules: maps, files: graph.jsonl}
`

const module = (body: string) => `tpl 1.19 module Demo.Hosts;
syncmapping Hosts 1.0
    """Hosts."""
    overview
        tags Demo;
    end overview;
    mapping on Host as host
        computer -> Computer;
    end mapping;
    body
        computer := sync.Computer(${body});
    end body;
end syncmapping;
`

const host = (id: string, name: string) =>
  `{"id":"${id}","kind":"Host","attrs":{"key":"${id}","name":"${name}"}}\n`

const files = {
  'maps/hosts.tpl': module('key := host.key, Name := host.name'),
  'data/graph.jsonl': host('h1', 'web1') + host('h2', 'web2'),
}

const textOf = ({ folder }: PreparedStage, name: string) => readFile(join(folder, name), 'utf8')

describe('a graph on its way', () => {
  test('is delivered whole first, and then what changed of it', async () => {
    await using at = await projectOf({ configuration, files })
    const first = await at.project.stages.prepare('disco')
    expect(first.mode).toBe('complete')
    expect(await textOf(first, 'nodes.sorted.csv')).toContain(
      'h1,Host,"{""key"":""h1"",""name"":""web1""}",\n',
    )
    expect(await at.project.stages.deliver('disco')).toMatchObject({ kind: 'delivered' })

    await at.write({ 'data/graph.jsonl': host('h1', 'web1') + host('h2', 'db2') + host('h3', 'web3') })
    const second = await at.project.stages.prepare('disco')
    expect(second).toMatchObject({ mode: 'incremental', base: first.id })
    expect(await textOf(second, 'nodes.sorted.delta')).toBe(
      'command,id,kind,attributes,destroyed\n' +
        'update,h2,Host,"{""key"":""h2"",""name"":""db2""}",\n' +
        'insert,h3,Host,"{""key"":""h3"",""name"":""web3""}",\n',
    )
    await at.write({ 'data/graph.jsonl': host('h1', 'web1') })
    const third = await at.project.stages.prepare('disco')
    expect(await textOf(third, 'nodes.sorted.delta')).toContain('delete,h2')
  })

  test('is delivered whole when a module has changed, with the reason', async () => {
    await using at = await projectOf({ configuration, files })
    await at.project.stages.prepare('disco')
    await at.project.stages.deliver('disco')
    await at.write({ 'maps/hosts.tpl': module('key := host.key') })
    await at.reconfigure((text) => text)
    const { mode, manifest } = await at.project.stages.prepare('disco')
    expect(mode).toBe('complete')
    expect(manifest.notes.join()).toMatch(/module maps\/hosts\.tpl: text \w+ \(it was: text \w+\)/)
  })

  test('a row that may be any takes none away', async () => {
    await using at = await projectOf({ configuration, files })
    await at.project.stages.prepare('disco')
    await at.project.stages.deliver('disco')
    await at.write({ 'data/graph.jsonl': `${host('h1', 'web1')}{"id":"h2\n` })
    const { manifest, ...prepared } = await at.project.stages.prepare('disco')
    expect(await textOf({ manifest, ...prepared }, 'nodes.sorted.delta')).toBe(
      'command,id,kind,attributes,destroyed\n',
    )
    expect(manifest.files[0]).toMatchObject({ read: 2, rejected: 1, unchanged: 1, rows: 0 })
    expect(manifest.notes.join()).toContain('1 row of nodes is not deleted')
  })

  test('a module that cannot be run stops everything, with its place', async () => {
    await using at = await projectOf({ configuration, files })
    await at.write({ 'maps/hosts.tpl': module('key := host.key, Nam := nothing.at.all') })
    await expect(requireConfiguration(at.folder)).rejects.toThrow(/maps\/hosts\.tpl:\d+:\d+: error: /)
  })

  test('its files may be a pattern: all that fit are one graph, the last is, or none is taken', async () => {
    const some = {
      'maps/hosts.tpl': files['maps/hosts.tpl'],
      'data/hosts-9.jsonl': host('h1', 'web1') + host('h2', 'web2'),
      'data/hosts-10.jsonl': host('h2', 'db2') + host('h3', 'web3'),
      'data/racks-1.csv': 'id,name\nr1,Rack\n',
      'data/racks-2.csv': 'id,name\nr2,Rack\n',
    }
    const taking = (hosts: string, racks = 'several: all') =>
      configuration
        .replace('    mode: incremental\n', '')
        .replace(
          'files: graph.jsonl',
          `files: [{file: 'hosts-*.jsonl'${hosts}}, {table: 'racks-*.csv', kind: Rack, ${racks}}]`,
        )
    await using at = await projectOf({ configuration: taking(', several: all'), files: some })
    const ids = async () => {
      const prepared = await at.project.stages.prepare('disco')
      const [, ...lines] = (await textOf(prepared, 'nodes.sorted.csv')).trimEnd().split('\n')
      return { ids: lines.map((line) => line.split(',')[0]), notes: prepared.manifest.notes.join('\n') }
    }
    const all = await ids()
    expect(all.ids).toEqual(['Rack/r1', 'Rack/r2', 'h1', 'h2', 'h3'])
    expect(all.notes).toContain('Of hosts-*.jsonl 2 files were taken, hosts-9.jsonl to hosts-10.jsonl.')
    await at.reconfigure(() => taking(', several: last', 'several: last'))
    expect(await ids()).toMatchObject({
      ids: ['Rack/r2', 'h2', 'h3'],
      notes: expect.stringContaining('the file hosts-10.jsonl was taken, the last of 2 by name'),
    })
    await at.reconfigure(() => taking(''))
    await expect(at.project.stages.prepare('disco')).rejects.toMatchObject({ code: 'SLUICE-EXPORT-17' })
    await at.reconfigure(() => taking(', several: all, maxAge: 1h'))
    await utimes(join(at.folder, 'data/hosts-9.jsonl'), 0, 0)
    await expect(at.project.stages.prepare('disco')).rejects.toMatchObject({ code: 'SLUICE-EXPORT-18' })
  })
})
