/**
 * A row that was rejected is told as rejected by every run until it is corrected, whoever rejected it and in whatever mode.
 */
import type { RunReport } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'
import type { Project } from './project.ts'

const configuration = `
entityTypes: {Person: {properties: {id: string, age: integer, chief: {type: reference, to: Person}}}}
associations: {Knows: {from: Person, to: Person, properties: {since: date}}}
sources:
  hr:
    folder: data
    mode: incremental
    thresholds: {rejected: 60%}
    entities: {Person: {file: people.csv, key: id, properties: {id: id, age: age, chief: chief}}}
    associations: {Knows: {file: knows.csv, from: a, to: b, properties: {since: since}}}
`
const files = (people: string, knows: string) => ({
  'data/people.csv': `id,age,chief\n${people}`,
  'data/knows.csv': `a,b,since\n${knows}`,
})
const first = files('a,30,\nb,old,\nc,40,\nd,41,\ne,42,\n', 'a,c,2026-01-02\nc,a,never\nd,a,\n')

async function rejectedIn(project: Project, { run }: RunReport): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { mapping, key, column, reason } of project.repository.rejectedRows(run ?? 0))
    found.push(`${mapping} ${key} ${column}: ${reason}`)
  return found.sort()
}

const badAge = 'Person b age: not a whole number'
const badDate = 'Knows c → a since: not a date such as 2026-11-21'

describe('a row whose value the server rejected', () => {
  test('is told by the incrementals that follow, without being read as something new', async () => {
    await using at = await projectOf({ configuration, files: first })
    expect(await rejectedIn(at.project, await at.project.sync('hr'))).toEqual([badDate, badAge])
    await at.write(files('a,31,\nb,old,\nc,40,\nd,41,\ne,42,\n', 'a,c,2026-01-02\nc,a,never\nd,a,\n'))
    const next = await at.project.sync('hr')
    expect(next).toMatchObject({ mode: 'incremental', state: 'applied' })
    expect(await rejectedIn(at.project, next)).toEqual([badDate, badAge])
    expect(next.entities[0]?.rows).toMatchObject({ read: 5, rejected: 1, updated: 1, unchanged: 3 })
    expect(next.associations[0]?.rows).toMatchObject({ read: 3, rejected: 1, unchanged: 2 })
    // And by the one after that, which has nothing else to say.
    const last = await at.project.sync('hr')
    expect(await rejectedIn(at.project, last)).toEqual([badDate, badAge])
  })

  test('is not told any more once it is corrected, or gone', async () => {
    await using at = await projectOf({ configuration, files: first })
    await at.project.sync('hr')
    await at.write(files('a,30,\nb,29,\nc,40,\nd,41,\ne,42,\n', 'a,c,2026-01-02\nd,a,\n'))
    const mended = await at.project.sync('hr')
    expect(mended).toMatchObject({ mode: 'incremental' })
    expect(await rejectedIn(at.project, mended)).toEqual([])
    expect(mended.entities[0]?.rows).toMatchObject({ rejected: 0, inserted: 1 })
    expect((await valuesOf(at.project, 'Person')).map(({ id, age }) => `${id} ${age}`).sort()).toContain(
      'b 29',
    )
    expect(await rejectedIn(at.project, await at.project.sync('hr'))).toEqual([])
  })

  test('that is otherwise wrong now is told for what is wrong now', async () => {
    await using at = await projectOf({ configuration, files: first })
    await at.project.sync('hr')
    await at.write(files('a,30,\nb,older,\nc,40,\nd,41,\ne,42,\n', 'a,c,2026-01-02\nc,a,never\nd,a,\n'))
    const next = await at.project.sync('hr')
    expect(next.entities[0]?.rows).toMatchObject({ read: 5, rejected: 1, unchanged: 4 })
    expect(await rejectedIn(at.project, next)).toEqual([badDate, badAge])
  })

  test('is told beside the commands of a system that says itself what changed, and weighed once', async () => {
    await using at = await projectOf({
      configuration: configuration.replace('rejected: 60%', 'rejected: {percent: 60, atLeast: 1}'),
      files: first,
    })
    await at.project.sync('hr')
    await at.write({
      'data/people.csv': 'command,id,age,chief\nupdate,a,31,\n',
      'data/knows.csv': 'command,a,b,since\n',
    })
    const next = await at.project.sync('hr')
    expect(next).toMatchObject({ mode: 'incremental', state: 'applied', exceeded: [] })
    expect(next.entities[0]?.rows).toMatchObject({ read: 2, rejected: 1, updated: 1, unchanged: 0 })
    expect(next.associations[0]?.rows).toMatchObject({ read: 1, rejected: 1 })
    expect(await rejectedIn(at.project, next)).toEqual([badDate, badAge])
    await at.write({ 'data/people.csv': 'command,id,age,chief\ndelete,b,,\n' })
    expect(await rejectedIn(at.project, await at.project.sync('hr'))).toEqual([badDate])
  })

  test('is not told of a run that was rejected', async () => {
    await using at = await projectOf({ configuration, files: first })
    await at.project.sync('hr')
    await at.write(files('a,30,\nb,29,\n', 'a,c,2026-01-02\nc,a,never\n'))
    const held = await at.project.sync('hr')
    expect(held.state).toBe('held')
    await at.project.reject(held.run ?? 0, { by: 'a test' })
    await at.write(first)
    expect(await rejectedIn(at.project, await at.project.sync('hr'))).toEqual([badDate, badAge])
  })
})
