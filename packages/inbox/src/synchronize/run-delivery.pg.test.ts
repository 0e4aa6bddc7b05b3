import type { Manifest } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { company, twoSources } from '../../../engine/test/companies.ts'
import { linksOf, resourcesOf } from '../../../engine/test/contents.ts'
import { crashingBefore, SimulatedCrash } from '../../../engine/test/crashing-repository.ts'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'
import { intercepted } from '../../../engine/test/intercepted-repository.ts'
import { contradictions, rowVersions } from '../../../engine/test/snapshot.ts'
import { openSynchronizer } from './open-synchronizer.ts'

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
async function killUntilApplied(harness: EngineHarness, id: string, step: number): Promise<number> {
  const stored = await rowVersions(harness)
  for (let kills = 1; ; kills += 1) {
    const crashing = crashingBefore(harness.repository, kills * step)
    const engine = openSynchronizer({ repository: crashing, configuration: harness.configuration })
    await engine.synchronize('hr').catch((error: unknown) => expect(error).toBeInstanceOf(SimulatedCrash))
    const status = await harness.engine.inbox.status(id)
    if (status?.state === 'applied') return kills
    expect(await rowVersions(harness)).toEqual(stored)
  }
}

describeWithEngine('a run', (harness) => {
  const step = harness.kind === 'pglite' ? 70 : 13

  test('that is killed anywhere leaves the repository as it was, and the next one succeeds', async () => {
    await harness.begin(company)
    const first = await harness.send('hr', before)
    expect(await killUntilApplied(harness, first, step)).toBeGreaterThan(100 / step)
    expect(await resourcesOf(harness, 'Unit')).toHaveLength(2)
    const second = await harness.send('hr', after)
    expect(await killUntilApplied(harness, second, step)).toBeGreaterThan(100 / step)
    expect(await resourcesOf(harness, 'Person')).toEqual([
      { name: 'Ann', number: '1', manager: 'Dan', unit: 'Works' },
      { name: 'Cid', number: '3', manager: 'Ann' },
      { name: 'Dan', number: '4', unit: 'Ideas' },
    ])
    expect(await linksOf(harness, 'Membership')).toEqual([
      'Ann > Ideas, since 2021-02-01',
      'Cid > Works',
      'Dan > Ideas',
    ])
    expect(await linksOf(harness, 'Seat')).toEqual(['Ann > Works', 'Dan > Ideas'])
    expect(await contradictions(harness)).toEqual([])
    const states = await harness.rows('select distinct state from sluice_run order by state')
    expect(states).toEqual([{ state: 'applied' }, { state: 'interrupted' }])
  })

  test('refuses to load at first what is stored already', async () => {
    await harness.begin(company)
    await harness.deliver('hr', before, { mode: 'initial' })
    const id = await harness.send('hr', after, { mode: 'initial' })
    expect(await harness.engine.synchronize('hr')).toEqual([])
    expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'refused' })
    expect(await resourcesOf(harness, 'Person')).toHaveLength(3)
    expect(await harness.engine.inbox.chain('hr')).toMatchObject({ holdsResources: true })
  })

  test('happens once for a delivery, however often that is announced, uploaded and sealed', async () => {
    await harness.begin(company)
    await harness.deliver('hr', before)
    const { folder, manifest } = await harness.prepare('hr', after)
    const { inbox } = harness.engine
    const id = '5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2b11'
    const stored = async () => {
      await inbox.announce({ id, source: 'hr', mode: 'complete' })
      for (const file of manifest.files) await inbox.upload(id, { ...file, path: `${folder}/${file.name}` })
      await inbox.seal(id, manifest)
      return await harness.engine.synchronize('hr')
    }
    expect(await stored()).toHaveLength(1)
    const versions = await rowVersions(harness)
    expect(await stored()).toEqual([])
    expect(await rowVersions(harness)).toEqual(versions)
    expect(await inbox.status(id)).toMatchObject({ state: 'applied' })
  })

  test('is not begun with a file that is not the one of the manifest', async () => {
    await harness.begin(twoSources)
    const { folder, manifest } = await harness.prepare('sites', { Unit: 'c,name\nX,Ideas' })
    const { inbox } = harness.engine
    const id = '5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2b12'
    await inbox.announce({ id, source: 'sites', mode: 'complete' })
    await expect(inbox.seal(id, manifest)).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-03' })
    const upload = async () => {
      for (const file of manifest.files) await inbox.upload(id, { ...file, path: `${folder}/${file.name}` })
    }
    await upload()
    const files = manifest.files.map((file) => ({ ...file, sha256: '0'.repeat(64) }))
    await expect(inbox.seal(id, { ...manifest, files })).rejects.toMatchObject({ code: 'SLUICE-RECEIVE-03' })
    expect(await harness.engine.synchronize('sites')).toEqual([])
    // What is damaged has to be delivered anew.
    await upload()
    await inbox.seal(id, manifest)
    expect(await harness.engine.synchronize('sites')).toMatchObject([{ state: 'applied' }])
  })

  test.each(['upsert', ''])(
    'fails when a delta says something else than its commands: %j',
    async (command) => {
      await harness.begin(twoSources)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      const delta = { Unit: `command,c,name\n${command},X,Other` }
      await expect(harness.deliver('sites', delta, { mode: 'incremental' })).rejects.toMatchObject({
        code: 'SLUICE-RECEIVE-03',
        message: expect.stringContaining('it holds a command other than insert, update, delete and merge'),
      })
      expect(await resourcesOf(harness, 'Unit')).toEqual([{ code: 'X', name: 'Ideas' }])
    },
  )

  test('fails when its files have other columns or other rows than they should', async () => {
    await harness.begin(twoSources)
    await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
    const versions = await rowVersions(harness)
    const { folder, manifest } = await harness.prepare('sites', { Unit: 'c,name\nY,Sales' })
    const [file] = manifest.files
    if (file === undefined) throw new Error('There is one file.')
    const wrong: readonly (readonly [code: string, files: Manifest['files']])[] = [
      ['SLUICE-RECEIVE-05', [{ ...file, columns: ['c', 'h', 'name'] }]],
      ['SLUICE-RECEIVE-03', [{ ...file, rows: 2, read: 2 }]],
    ]
    for (const [index, [code, files]] of wrong.entries()) {
      const id = `5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2c1${index}`
      await harness.engine.inbox.announce({ id, source: 'sites', mode: 'complete' })
      await harness.engine.inbox.upload(id, { ...file, path: `${folder}/${file.name}` })
      await harness.engine.inbox.seal(id, { ...manifest, files })
      await expect(harness.engine.synchronize('sites')).rejects.toMatchObject({ code })
      expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'failed' })
    }
    expect(await rowVersions(harness)).toEqual(versions)
    expect(await harness.repository.runs({ limit: 1 })).toMatchObject([{ state: 'failed' }])
  })

  test('that is interrupted while it is applied is not applied', async () => {
    await harness.begin(company)
    await harness.deliver('hr', before)
    const stored = await rowVersions(harness)
    const id = await harness.send('hr', after, { mode: 'complete' })
    const interruption = new AbortController()
    const engine = openSynchronizer({
      repository: harness.repository,
      configuration: harness.configuration,
    })
    const run = engine.synchronize('hr', {
      force: true,
      signal: interruption.signal,
      onProgress: ({ stage }) => stage === 'apply' && interruption.abort(),
    })
    await expect(run).rejects.toMatchObject({ name: 'AbortError' })
    expect(await rowVersions(harness)).toEqual(stored)
    expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'cancelled' })
    expect(await harness.repository.runs({ limit: 1 })).toMatchObject([{ state: 'interrupted' }])
  })

  test('that fails locks its delivery before its own row, as whoever decides about a run does', async () => {
    await harness.begin(company)
    await harness.deliver('hr', before)
    await harness.send('hr', after)
    const ending: string[] = []
    let failed = false
    const repository = intercepted(harness.repository, async (text) => {
      if (failed) ending.push(/\/\* (\S+)/.exec(text)?.[1] ?? text)
      if (failed || !text.includes('insert into sluice_history')) return
      failed = true
      throw new Error('The disk is full.')
    })
    const engine = openSynchronizer({ repository, configuration: harness.configuration })
    await expect(engine.synchronize('hr')).rejects.toThrow('The disk is full.')
    expect(ending.slice(0, 3)).toEqual(['queue/lock', 'runs/close', 'queue/failed'])
  })

  test('lists the links it changed by the names of their ends, gone ones included', async () => {
    await harness.begin(company)
    await harness.deliver('hr', before, { force: true })
    const { run } = await harness.deliver('hr', after, { force: true })
    const links: string[] = []
    for await (const change of harness.engine.changes(run ?? 0)) {
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
    await harness.begin(company)
    const { inbox } = harness.engine
    const id = '5d5f5f0e-3c2b-4e3c-9f43-0c1a4f3a2b13'
    await inbox.announce({ id, source: 'hr', mode: 'complete' })
    expect(await inbox.giveUp(id, 'refused', 'The file has a column "\0".')).toMatchObject({
      state: 'refused',
      reason: 'The file has a column "\u2400".',
    })
  })
})
