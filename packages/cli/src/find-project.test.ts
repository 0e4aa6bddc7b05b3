import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, expect, test } from 'vitest'
import { callCommandLine } from '../test/call-command-line.ts'
import { findProject } from './find-project.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-find-'))
const project = join(scratch, 'project')
const below = join(project, 'data', 'deep')
mkdirSync(below, { recursive: true })
writeFileSync(
  join(project, 'sluice.yaml'),
  'entityTypes: {Site: {display: name, properties: {name: string}}}\n',
)
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test('a project is found in the folder, and from those below it', () => {
  expect(findProject(project)).toEqual({ folder: project, ofAnother: false })
  expect(findProject(below)).toEqual({ folder: project, ofAnother: false })
})

test('the nearest one counts', () => {
  const inner = join(below, 'inner')
  mkdirSync(inner)
  writeFileSync(join(inner, 'sluice.yaml'), '')
  expect(findProject(inner).folder).toBe(inner)
})

test('where there is none, the folder itself is meant', () => {
  expect(findProject(scratch)).toEqual({ folder: scratch, ofAnother: false })
})

test('a command that is called below a project works on it', async () => {
  expect(await callCommandLine(below, ['check'])).toMatchObject({ status: 0 })
})

test.runIf(process.getuid?.() === 0)(
  'a file above that belongs to another user is used when it is named, and not otherwise',
  async () => {
    const other = join(scratch, 'other')
    const inside = join(other, 'inside')
    mkdirSync(inside, { recursive: true })
    writeFileSync(join(other, 'sluice.yaml'), '{}\n')
    chownSync(join(other, 'sluice.yaml'), 65_534, 65_534)
    expect(await callCommandLine(inside, ['check'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('belongs to another user'),
    })
    expect(await callCommandLine(inside, ['check', '-C', other])).toMatchObject({ status: 0 })
    expect(await callCommandLine(other, ['check'])).toMatchObject({ status: 0 })
  },
)
