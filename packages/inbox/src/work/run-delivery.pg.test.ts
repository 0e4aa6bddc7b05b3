import type { Manifest } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { company, twoSources } from '../../../engine/test/companies.ts'
import { linksOf, resourcesOf } from '../../../engine/test/contents.ts'
import { Lightning, struckBefore } from '../../../engine/test/lightning.ts'
import { contradictions, rowVersions } from '../../../engine/test/snapshot.ts'
import { describeEachWorld, type World } from '../../../engine/test/world.ts'
import { openSynchronizer } from './synchronizer.ts'

const before = {
  Person: 'n,name,m,u\n1,Ann,,X\n2,Bob,1,X\n3,Cid,2,Y',
  Unit: 'c,name,h\nX,Ideas,3\nY,Sales,',
  Membership: 'p,u,since\n1,X,01/02/2020\n2,Y,\n3,Z,',
  Seat: 'p,u\n1,X\n2,Y',
}
const after = {
  Person: 'n,name,m,u\n1,Ann,4,Z\n3,Cid,1,Y\n4,Dan,,X',
  Unit: 'c,name,h\nX,Ideas,4\nZ,Works,1',
  Membership: 'p,u,since\n1,X,01/02/2021\n3,Z,\n4,X,',
  Seat: 'p,u\n1,Z\n4,X',
}

/** Kills the run of a sealed delivery before every `step`-th statement, until it is applied; says how often. */
async function killUntilApplied(world: World, id: string, step: number): Promise<number> {
  const stored = await rowVersions(world)
  for (let kills = 1; ; kills += 1) {
    const mortal = struckBefore(world.repository, kills * step)
    const engine = openSynchronizer({ repository: mortal, configuration: world.configuration })
    await engine.synchronize('hr').catch((error: unknown) => expect(error).toBeInstanceOf(Lightning))
    const status = await world.engine.inbox.status(id)
    if (status?.state === 'applied') return kills
    expect(await rowVersions(world)).toEqual(stored)
  }
}

describeEachWorld('a run', (world) => {
  const step = world.kind === 'pglite' ? 70 : 13

  test('that is killed anywhere leaves the repository as it was, and the next one succeeds', async () => {
    await world.begin(company)
    const first = await world.send('hr', before)
    expect(await killUntilApplied(world, first, step)).toBeGreaterThan(100 / step)
    expect(await resourcesOf(world, 'Unit')).toHaveLength(2)
    const second = await world.send('hr', after)
    expect(await killUntilApplied(world, second, step)).toBeGreaterThan(100 / step)
    expect(await resourcesOf(world, 'Person')).toEqual([
      { name: 'Ann', number: '1', manager: 'Dan', unit: 'Works' },
      { name: 'Cid', number: '3', manager: 'Ann' },
      { name: 'Dan', number: '4', unit: 'Ideas' },
    ])
    expect(await linksOf(world, 'Membership')).toEqual([
      'Ann > Ideas, since 2021-02-01',
      'Cid > Works',
      'Dan > Ideas',
    ])
    expect(await linksOf(world, 'Seat')).toEqual(['Ann > Works', 'Dan > Ideas'])
    expect(await contradictions(world)).toEqual([])
    const states = await world.rows('select distinct state from sluice_run order by state')
    expect(states).toEqual([{ state: 'applied' }, { state: 'interrupted' }])
  })

  test('refuses to load at first what is stored already', async () => {
    await world.begin(company)
    await world.deliver('hr', before, { mode: 'initial' })
    const id = await world.send('hr', after, { mode: 'initial' })
    expect(await world.engine.synchronize('hr')).toEqual([])
    expect(await world.engine.inbox.status(id)).toMatchObject({ state: 'refused' })
    expect(await resourcesOf(world, 'Person')).toHaveLength(3)
    expect(await world.engine.inbox.chain('hr')).toMatchObject({ holdsResources: true })
  })

  test('happens once for a delivery, however often that is announced, uploaded and sealed', async () => {
    await world.begin(company)
    await world.deliver('hr', before)
    const { folder, manifest } = await world.prepare('hr', after)
    const { inbox } = world.engine
    const id = '5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2b11'
    const stored = async () => {
      await inbox.announce({ id, source: 'hr', mode: 'complete' })
      for (const file of manifest.files) await inbox.upload(id, { ...file, path: `${folder}/${file.name}` })
      await inbox.seal(id, manifest)
      return await world.engine.synchronize('hr')
    }
    expect(await stored()).toHaveLength(1)
    const versions = await rowVersions(world)
    expect(await stored()).toEqual([])
    expect(await rowVersions(world)).toEqual(versions)
    expect(await inbox.status(id)).toMatchObject({ state: 'applied' })
  })

  test('is not begun with a file that is not the one of the manifest', async () => {
    await world.begin(twoSources)
    const { folder, manifest } = await world.prepare('sites', { Unit: 'c,name\nX,Ideas' })
    const { inbox } = world.engine
    const id = '5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2b12'
    await inbox.announce({ id, source: 'sites', mode: 'complete' })
    await expect(inbox.seal(id, manifest)).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-03' })
    const upload = async () => {
      for (const file of manifest.files) await inbox.upload(id, { ...file, path: `${folder}/${file.name}` })
    }
    await upload()
    const files = manifest.files.map((file) => ({ ...file, sha256: '0'.repeat(64) }))
    await expect(inbox.seal(id, { ...manifest, files })).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-03' })
    expect(await world.engine.synchronize('sites')).toEqual([])
    // What is damaged has to be delivered anew.
    await upload()
    await inbox.seal(id, manifest)
    expect(await world.engine.synchronize('sites')).toMatchObject([{ state: 'applied' }])
  })

  test.each(['upsert', ''])(
    'fails when a delta says something else than its commands: %j',
    async (command) => {
      await world.begin(twoSources)
      await world.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      const delta = { Unit: `command,c,name\n${command},X,Other` }
      await expect(world.deliver('sites', delta, { mode: 'incremental' })).rejects.toMatchObject({
        code: 'SLUICE-RECEIVE-03',
        message: expect.stringContaining('it holds a command other than insert, update, delete and merge'),
      })
      expect(await resourcesOf(world, 'Unit')).toEqual([{ code: 'X', name: 'Ideas' }])
    },
  )

  test('fails when its files have other columns or other rows than they should', async () => {
    await world.begin(twoSources)
    await world.deliver('sites', { Unit: 'c,name\nX,Ideas' })
    const versions = await rowVersions(world)
    const { folder, manifest } = await world.prepare('sites', { Unit: 'c,name\nY,Sales' })
    const [file] = manifest.files
    if (file === undefined) throw new Error('There is one file.')
    const wrong: readonly (readonly [code: string, files: Manifest['files']])[] = [
      ['SLUICE-RECEIVE-05', [{ ...file, columns: ['c', 'h', 'name'] }]],
      ['SLUICE-RECEIVE-03', [{ ...file, rows: 2, read: 2 }]],
    ]
    for (const [index, [code, files]] of wrong.entries()) {
      const id = `5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2c1${index}`
      await world.engine.inbox.announce({ id, source: 'sites', mode: 'complete' })
      await world.engine.inbox.upload(id, { ...file, path: `${folder}/${file.name}` })
      await world.engine.inbox.seal(id, { ...manifest, files })
      await expect(world.engine.synchronize('sites')).rejects.toMatchObject({ code })
      expect(await world.engine.inbox.status(id)).toMatchObject({ state: 'failed' })
    }
    expect(await rowVersions(world)).toEqual(versions)
    expect(await world.repository.runs({ limit: 1 })).toMatchObject([{ state: 'failed' }])
  })

  test('that is interrupted while it is applied is not applied', async () => {
    await world.begin(company)
    await world.deliver('hr', before)
    const stored = await rowVersions(world)
    const id = await world.send('hr', after, { mode: 'complete' })
    const interruption = new AbortController()
    const engine = openSynchronizer({
      repository: world.repository,
      configuration: world.configuration,
    })
    const run = engine.synchronize('hr', {
      force: true,
      signal: interruption.signal,
      onProgress: ({ stage }) => stage === 'apply' && interruption.abort(),
    })
    await expect(run).rejects.toMatchObject({ name: 'AbortError' })
    expect(await rowVersions(world)).toEqual(stored)
    expect(await world.engine.inbox.status(id)).toMatchObject({ state: 'cancelled' })
    expect(await world.repository.runs({ limit: 1 })).toMatchObject([{ state: 'interrupted' }])
  })

  test('lists the links it changed by the names of their ends, gone ones included', async () => {
    await world.begin(company)
    await world.deliver('hr', before, { force: true })
    const { run } = await world.deliver('hr', after, { force: true })
    const links: string[] = []
    for await (const change of world.engine.changes(run ?? 0)) {
      if (change.kind === 'link' && change.association === 'Seat')
        links.push(`${change.operation} ${change.from} > ${change.to}`)
    }
    expect(links.sort()).toEqual([
      'delete 2 > Y',
      'delete Ann > Ideas',
      'insert Ann > Works',
      'insert Dan > Ideas',
    ])
  })

  test('gives up a delivery whatever its reason quotes', async () => {
    await world.begin(company)
    const { inbox } = world.engine
    const id = '5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2b13'
    await inbox.announce({ id, source: 'hr', mode: 'complete' })
    expect(await inbox.giveUp(id, 'refused', 'The file has a column "\0".')).toMatchObject({
      state: 'refused',
      reason: 'The file has a column "\ufffd".',
    })
  })
})
