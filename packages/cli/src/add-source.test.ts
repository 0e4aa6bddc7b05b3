/**
 * A source is added: from a managed system that nobody prepared to resources in the repository.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { type CallOptions, callCommandLine } from '../test/call-command-line.ts'
import { moveToServer } from '../test/move-to-server.ts'

const scratch = mkdtempSync(join(tmpdir(), 'sluice-adding-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const main = 'repository: ./repository # ours\n'

function project(text = main): string {
  const folder = mkdtempSync(join(scratch, 'project-'))
  writeFileSync(join(folder, 'sluice.yaml'), text)
  const database = new DatabaseSync(join(folder, 'shop.db'))
  database.exec(`
    create table customer (id integer primary key, name text, manager integer references customer (id));
    create table role (code text primary key);
    create table has_role (customer integer references customer (id), role text references role (code), primary key (customer, role));
    insert into customer values (1, 'Ann', null), (2, 'Bob', 1);
    insert into role values ('a');
    insert into has_role values (2, 'a')`)
  database.close()
  return folder
}

const add = (folder: string, args: readonly string[], options?: CallOptions) =>
  callCommandLine(folder, ['source', 'add', 'sqlite', '--name', 'shop', ...args], options)

test('what is there is found, written as a file of the project, and can be synchronized as it stands', async () => {
  const folder = project()
  const added = await add(folder, ['--option', 'file=shop.db'])
  expect(added).toMatchObject({ status: 0, stderr: '' })
  expect(added.stdout).toContain('Wrote shop.yaml: take out of it what you do not need.')
  expect(readFileSync(join(folder, 'sluice.yaml'), 'utf8')).toBe(`${main}\ninclude: ["shop.yaml"]\n`)
  await using _server = await moveToServer(folder)
  expect(await callCommandLine(folder, ['check'])).toMatchObject({ status: 0 })
  const { status, stdout, stderr } = await callCommandLine(folder, ['sync', 'shop', '--yes'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/Customer +2 +2 /)
  expect(stdout).toMatch(/has_role +1 +1 /)
})

test('somebody at a terminal is asked for what has to be known', async () => {
  const folder = project()
  const asked: string[] = []
  const answer = (question: string) => {
    asked.push(question)
    return 'shop.db'
  }
  const { status, stderr } = await add(folder, ['--dry-run'], { answer })
  expect(status).toBe(0)
  expect(asked).toEqual(['file: '])
  expect(stderr).toContain('The file of the database.')
  expect(existsSync(join(folder, 'shop.yaml'))).toBe(false)
})

test('without a terminal, what is missing is named', async () => {
  const { status, stderr } = await add(project(), [])
  expect(status).toBe(2)
  expect(stderr).toContain('The connector has to know file.')
  expect(stderr).toContain('--option file=…')
})

test('an option that is nearly one that is missing is named', async () => {
  const { stderr, status } = await add(project(), ['--option', 'flie=shop.db'])
  expect(status).toBe(2)
  expect(stderr).toContain('The connector has to know file.')
  expect(stderr).toContain('You gave "flie"; did you mean "file"? --option file=…')
})

test('nothing is written where the system cannot be reached', async () => {
  const folder = project()
  const { status, stderr } = await add(folder, ['--option', 'file=none.db'])
  expect(status).toBe(1)
  expect(stderr).toContain('none.db')
  expect(existsSync(join(folder, 'shop.yaml'))).toBe(false)
  expect(readFileSync(join(folder, 'sluice.yaml'), 'utf8')).toBe(main)
})

test('a source that is there is not written over', async () => {
  const folder = project(`${main}sources:\n  shop: {folder: data}\n`)
  const { status, stderr } = await add(folder, ['--option', 'file=shop.db'])
  expect(status).toBe(1)
  expect(stderr).toContain('There is a source "shop" already.')
})

test('an include that people wrote stays as it is', async () => {
  const text = `${main}include: [others/*.yaml]\n`
  const folder = project(text)
  mkdirSync(join(folder, 'others'))
  writeFileSync(join(folder, 'others', 'types.yaml'), 'entityTypes: {}\n')
  const { stdout } = await add(folder, ['--option', 'file=shop.db'])
  expect(stdout).toContain('Add it to include in sluice.yaml: [shop.yaml]')
  expect(readFileSync(join(folder, 'sluice.yaml'), 'utf8')).toBe(text)
})

test('where there is no project, one is to be made, and nothing is written', async () => {
  const folder = mkdtempSync(join(scratch, 'none-'))
  const { status, stderr } = await add(folder, ['--option', 'file=shop.db'])
  expect(status).toBe(1)
  expect(stderr).toContain('Make a project with: sluice init')
  expect(readdirSync(folder)).toEqual([])
})

test('a file that is there is not written over', async () => {
  const folder = project()
  writeFileSync(join(folder, 'shop.yaml'), '# mine')
  const { status, stderr } = await add(folder, ['--option', 'file=shop.db'])
  expect(status).toBe(1)
  expect(stderr).toContain('There is such a file already.')
  expect(readFileSync(join(folder, 'shop.yaml'), 'utf8')).toBe('# mine')
})

test('an option that there is not is named, and one like it', async () => {
  const { status, stderr } = await add(project(), ['--option', 'file=shop.db', '--option', 'fil=shop.db'])
  expect(status).toBe(1)
  expect(stderr).toContain('there is no option "fil".')
  expect(stderr).toContain('Did you mean "file"?')
})
