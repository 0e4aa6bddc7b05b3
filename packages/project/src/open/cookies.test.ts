/**
 * What an export program keeps for next time moves with what was delivered, and not before.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { openLocalProject } from './open-project.ts'

/** Exports `next.csv`, notes the mode and the cookie it was given, and leaves the next one. */
const script = `
cat next.csv > "$SLUICE_FOLDER/people.csv"
seen=$(cat "$SLUICE_COOKIE_FOLDER/seen" 2>/dev/null || echo none)
echo "$SLUICE_MODE $seen" >> calls
wc -l < calls | tr -d ' ' > "$SLUICE_NEW_COOKIE_FOLDER/seen"
`

async function projectWithProgram() {
  await using opened = new AsyncDisposableStack()
  const place = opened.use(await testLocation('postgres-18'))
  if (place.location.kind !== 'postgres') throw new Error('a server')
  const { url, schema } = place.location
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cookies-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'export.sh'), script)
  await writeFile(
    join(folder, 'sluice.yaml'),
    `repository: {url: "${url}", schema: ${schema}}
entityTypes: {Person: {properties: {number: string, name: string}}}
sources:
  hr:
    mode: incremental
    export: {command: [sh, export.sh]}
    thresholds: off
    entities: {Person: {file: people.csv, key: number, properties: {number: no, name: name}}}
`,
  )
  const project = opened.use(await openLocalProject(folder))
  const all = opened.move()
  return {
    project,
    reference: join(folder, '.sluice/state/hr/previous/Person.sorted.csv'),
    next: (text: string) => writeFile(join(folder, 'next.csv'), text),
    /** Mode and cookie of every call of the program. */
    calls: async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n'),
    async names() {
      const found: unknown[] = []
      for await (const { values } of project.repository.resources('Person')) found.push(values['name'])
      return found.sort()
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

test('a program is given the cookies of what was acknowledged last', async () => {
  await using at = await projectWithProgram()
  await at.next('no,name\n1,Ann\n')
  await at.project.sync('hr')
  await at.next('command,no,name\nadd,2,Bob\n')
  expect((await at.project.sync('hr')).mode).toBe('incremental')
  await at.next('command,no,name\n')
  await at.project.sync('hr')
  expect(await at.calls()).toEqual(['complete none', 'incremental 1', 'incremental 2'])
  expect(await at.names()).toEqual(['Ann', 'Bob'])
})

test('what was exported and never prepared is exported again', async () => {
  await using at = await projectWithProgram()
  await at.next('no,name\n1,Ann\n')
  await at.project.sync('hr')
  await at.next('command,no,name\nadd,2,Bob\n')
  await at.project.stages.export('hr')
  await at.next('command,no,name\nadd,2,Bob\nadd,3,Carol\n')
  await at.project.sync('hr')
  expect(await at.calls()).toEqual(['complete none', 'incremental 1', 'incremental 1'])
  expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
})

test('what waits to be delivered is not exported again: the next export goes on from its cookies', async () => {
  await using at = await projectWithProgram()
  await at.next('no,name\n1,Ann\n')
  await at.project.sync('hr')
  await at.next('command,no,name\nadd,2,Bob\n')
  await at.project.stages.export('hr')
  const first = await at.project.stages.prepare('hr')
  await at.next('command,no,name\nadd,3,Carol\n')
  await at.project.stages.export('hr')
  const { id, base } = await at.project.stages.prepare('hr')
  expect(base).toBe(first.id)
  expect(await at.project.stages.deliver('hr')).toMatchObject({
    delivery: { id },
    before: [{ id: first.id }],
  })
  await at.project.synchronize('hr')
  await at.next('command,no,name\n')
  await at.project.sync('hr')
  expect(await at.calls()).toEqual(['complete none', 'incremental 1', 'incremental 2', 'incremental 3'])
  expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
})

test('a delivery takes the cookies of its own export along, whatever was exported since', async () => {
  await using at = await projectWithProgram()
  await at.next('no,name\n1,Ann\n')
  await at.project.sync('hr')
  await at.next('command,no,name\nadd,2,Bob\n')
  await at.project.stages.export('hr')
  await at.project.stages.prepare('hr')
  await at.next('command,no,name\nadd,2,Bob\nadd,3,Carol\n')
  await at.project.stages.export('hr')
  await at.project.stages.deliver('hr')
  await at.project.synchronize('hr')
  await at.project.sync('hr')
  expect(await at.calls()).toEqual(['complete none', 'incremental 1', 'incremental 2', 'incremental 2'])
  expect(await at.names()).toEqual(['Ann', 'Bob', 'Carol'])
})

test('a broken chain asks the program for everything, without cookies', async () => {
  await using at = await projectWithProgram()
  await at.next('no,name\n1,Ann\n2,Bob\n')
  await at.project.sync('hr')
  await writeFile(at.reference, 'no,name\n1,Ann\n')
  const report = await at.project.sync('hr')
  expect(report).toMatchObject({ mode: 'complete', state: 'applied' })
  expect(report.notes[0]).toContain('is not the file that was written after the last delivery')
  // Found only while comparing: what was exported as changes is exported again as a whole.
  await writeFile(at.reference, 'no,name\n1,Ann\n2,Rob\n')
  expect((await at.project.sync('hr')).mode).toBe('complete')
  expect(await at.calls()).toEqual(['complete none', 'complete none', 'incremental 2', 'complete none'])
  expect(await at.names()).toEqual(['Ann', 'Bob'])
})
