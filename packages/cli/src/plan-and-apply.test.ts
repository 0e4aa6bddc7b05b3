/**
 * Looking before anything is done: plans that are kept and applied, runs held on request, the question at a terminal. With the
 * repository here, and behind a server.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CallOptions, callCommandLine } from '../test/call-command-line.ts'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `
repository: ./repository
entityTypes:
  Person:
    properties:
      number: {type: string, required: true}
      name: string
      boss: {type: reference, to: Person}
      password: secret
  Room:
    properties: {code: {type: string, required: true}}
  Door:
    properties: {code: {type: string, required: true}}
sources:
  hr:
    folder: data
    entities:
      Person:
        file: people.csv
        key: number
        properties: {number: number, name: name, boss: boss, password: password}
        thresholds: {deleted: 1}
  rooms:
    folder: data
    entities:
      Room: {file: rooms.csv, key: code, properties: {code: code}}
  doors:
    table: true
    entities:
      Door: {properties: {code: {}}}
`

let places: HereAndThere

beforeAll(async () => {
  places = await hereAndThere('plans', (folder) => {
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
    mkdirSync(join(folder, 'data'))
  })
})
afterAll(() => places[Symbol.asyncDispose]())

describe.each(['here', 'through a server'] as const)('%s', (where) => {
  const place = () => places.placeOf(where === 'here' ? undefined : 'admin')
  const sluice = (args: readonly string[], options: CallOptions = {}) => {
    const { folder, environment } = place()
    return callCommandLine(folder, args, { environment, ...options })
  }
  const write = (file: string, text: string) => writeFileSync(join(place().folder, 'data', file), text)
  const people = (...rows: readonly string[]) =>
    write('people.csv', ['number,name,boss,password', ...rows, ''].join('\n'))
  const stored = async () => {
    const { stdout } = await sluice(['resources', 'Person', '--csv'])
    return stdout.trim().split('\n').slice(1).sort()
  }
  const planned = () => join(place().folder, 'hr.plan')
  const runs = async () => JSON.parse((await sluice(['runs', '--json', '--limit', '1'])).stdout)[0]

  // Each finds two people stored, and the same two in the file.
  beforeEach(async () => {
    rmSync(planned(), { force: true })
    write('rooms.csv', 'code\n')
    people('1,Ann,,pa', '2,Bob,1,pb')
    const done = await sluice(['sync', '--force', '--quiet', '--mode', 'complete'])
    expect(done).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('a plan tells what would change, and nothing is written', async () => {
    people('1,Ann,,pa', '2,Bobby,1,pb', '3,Cid,3,pc')
    const before = await runs()
    const { status, stdout } = await sluice(['plan', 'hr'])
    expect(status).toBe(0)
    expect(stdout).toContain('Plan for hr (complete): nothing was written')
    expect(stdout).toContain('~ Person 2  name "Bob" → "Bobby"')
    expect(stdout).toContain('+ Person 3')
    expect(await runs()).toEqual(before)
  })

  test('without a name every source is planned, in order, and its exit status tells whether anything would change', async () => {
    expect(await sluice(['plan', '--detailed-exitcode', '--quiet'])).toMatchObject({ status: 0, stdout: '' })
    write('rooms.csv', 'code\nA1\n')
    const { status, stdout, stderr } = await sluice(['plan', '--detailed-exitcode'])
    expect(status).toBe(4)
    expect(stdout).toMatch(/Plan for hr .*nothing would change.*Plan for rooms .*nothing was written/s)
    expect(stderr).toContain('Each source is planned separately')
    people()
    expect((await sluice(['plan', '--detailed-exitcode', '--quiet'])).status).toBe(3)
    expect(JSON.parse((await sluice(['plan', '--json'])).stdout)).toHaveLength(3)
  })

  test('what was planned and kept is applied exactly, references to what it inserts included', async () => {
    people('1,Ann,4,pa', '2,Bobby,1,pb', '4,Dora,,pd')
    const { status, stdout } = await sluice(['plan', 'hr', '--out', 'hr.plan'])
    expect(status).toBe(0)
    expect(stdout).toContain('sluice apply hr.plan   does it')
    expect(statSync(planned()).mode & 0o777).toBe(0o600)
    expect(readFileSync(planned(), 'utf8')).not.toMatch(/Dora|Bobby/)
    const applied = await sluice(['apply', 'hr.plan'])
    expect(applied.stderr).toBe('')
    expect(applied.stdout).toMatch(/Run \d+ of hr \(complete\): applied/)
    expect((await stored()).join(' ')).toMatch(/Ann.*Bobby.*Dora/)
  })

  test('a plan is refused whose source has moved, and it is told how', async () => {
    people('1,Ann,,pa', '2,Bobby,1,pb')
    await sluice(['plan', 'hr', '--out', 'hr.plan'])
    people('1,Ann,,pa', '2,Rob,1,pb')
    const before = await runs()
    const refused = await sluice(['apply', 'hr.plan'])
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('error SLUICE-PROJECT-08')
    expect(refused.stderr).toContain(
      'The source has other rows for Person: 2 now, as many others when it was planned.',
    )
    expect(await runs()).toEqual(before)
  })

  test('a plan is refused when the repository has moved, and it is told how', async () => {
    people('1,Ann,,pa', '2,Bobby,1,pb', '3,Cid,,pc')
    await sluice(['plan', 'hr', '--out', 'hr.plan'])
    people('1,Ann,,pa', '2,Bob,1,pb', '3,Cid,,pc')
    await sluice(['sync', 'hr', '--quiet'])
    people('1,Ann,,pa', '2,Bobby,1,pb', '3,Cid,,pc')
    const { status, stderr } = await sluice(['apply', 'hr.plan'])
    expect(status).toBe(1)
    expect(stderr).toContain(
      'The repository has changed: Person 1 updated now, 1 inserted, 1 updated when it was planned.',
    )
    people('1,Ann,,pa', '2,Bobby,1,pb', '3,Cid,,pc')
    await sluice(['plan', 'hr', '--out', 'hr.plan'])
    expect((await sluice(['apply', 'hr.plan', '--quiet'])).status).toBe(0)
    const again = await sluice(['apply', 'hr.plan'])
    expect(again.stderr).toContain('Person nothing changed now, 1 updated when it was planned.')
  })

  test('a plan over a threshold is held when it is applied, unless by force', async () => {
    people()
    expect((await sluice(['plan', 'hr', '--out', 'hr.plan'])).status).toBe(3)
    expect(await sluice(['apply', 'hr.plan'])).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('held by a threshold'),
    })
    expect(await stored()).toHaveLength(2)
    await sluice(['plan', 'hr', '--out', 'hr.plan'])
    expect((await sluice(['apply', 'hr.plan', '--force', '--quiet'])).status).toBe(0)
    expect(await stored()).toEqual([])
  })

  test('a file that is no plan, or of another version, is not applied', async () => {
    expect(await sluice(['apply', 'nothing.plan'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/SLUICE-PROJECT-09.*no such file/),
    })
    writeFileSync(planned(), 'number,name\n')
    expect(await sluice(['apply', 'hr.plan'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('it is not a plan of Sluice'),
    })
    await sluice(['plan', 'hr', '--out', 'hr.plan'])
    writeFileSync(planned(), readFileSync(planned(), 'utf8').replace('"version": 1', '"version": 2'))
    expect(await sluice(['apply', 'hr.plan'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('another version of Sluice wrote it'),
    })
  })

  test('what is asked to be held waits for a decision, and is applied as it was shown', async () => {
    people('1,Ann,,pa', '2,Bobby,1,pb')
    const held = await sluice(['sync', 'hr', '--hold'])
    expect(held).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/Run \d+ of hr \(complete\): held for a decision, nothing was applied/),
    })
    expect(held.stdout).toContain('~ Person 2  name "Bob" → "Bobby"')
    expect((await stored()).join(' ')).toMatch(/\bBob\b/)
    const { run } = await runs()
    expect((await sluice(['runs', 'approve', String(run)])).status).toBe(0)
    expect((await stored()).join(' ')).toMatch(/\bBobby\b/)
    // Nothing to decide about.
    expect((await sluice(['sync', 'hr', '--hold', '--quiet'])).status).toBe(0)
  })

  test('what stands in an open table is planned, applied and held alike', async () => {
    write('doors.csv', 'primary_key;code\n1;north\n2;south\n')
    const loaded = await sluice(['load', 'doors', 'data/doors.csv', '--no-run', '--json'])
    expect(loaded.status).toBe(0)
    expect((await sluice(['plan', 'doors', '--out', 'hr.plan'])).stdout).toContain('sluice apply hr.plan')
    expect(await sluice(['apply', 'hr.plan'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/Run \d+ of doors .*: applied/),
    })
    write('doors.csv', 'primary_key;code\n1;north\n2;west\n')
    await sluice(['load', 'doors', 'data/doors.csv', '--no-run', '--json'])
    expect(await sluice(['sync', 'doors', '--hold'])).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('held for a decision'),
    })
    expect((await sluice(['resources', 'Door', '--csv'])).stdout).toContain('south')
  })

  test('somebody at a terminal sees what would change, and decides', async () => {
    people('1,Ann,,pa', '2,Bobby,1,pb')
    const asked: string[] = []
    const answering = (answer: string) => (question: string) => {
      asked.push(question)
      return answer
    }
    const before = await runs()
    const no = await sluice(['sync', 'hr'], { terminal: true, answer: answering('') })
    expect(no).toMatchObject({ status: 1, stderr: 'Nothing of hr was applied.\n' })
    expect(no.stdout).toContain('~ Person 2  name "Bob" → "Bobby"')
    expect(asked).toEqual([expect.stringContaining('Apply this: yes, no, all')])
    expect(await runs()).toEqual(before)
    const yes = await sluice(['sync', 'hr'], { terminal: true, answer: answering('y') })
    expect(yes).toMatchObject({ status: 0, stdout: expect.stringMatching(/Run \d+ of hr .*: applied/) })
    expect(asked).toHaveLength(2)
    // Nothing would change, or it is answered already, or nobody sees the question.
    people('1,Ann,,pa', '2,Bobby,1,pb')
    await sluice(['sync', 'hr'], { terminal: true, answer: answering('') })
    people('1,Ann,,pa', '2,Bob,1,pb')
    await sluice(['sync', 'hr', '--yes'], { terminal: true, answer: answering('') })
    people('1,Ann,,pa', '2,Bobby,1,pb')
    await sluice(['sync', 'hr'], { terminal: false, answer: answering('') })
    expect(asked).toHaveLength(2)
    expect((await stored()).join(' ')).toMatch(/\bBobby\b/)
  })

  test('what moves while somebody thinks about it is held, and not applied unseen', async () => {
    people('1,Ann,,pa', '2,Bobby,1,pb')
    const { status, stdout } = await sluice(['sync', 'hr'], {
      terminal: true,
      answer: async () => {
        people('1,Ann,,pa', '2,Robert,1,pb')
        expect((await sluice(['sync', 'hr', '--quiet'])).status).toBe(0)
        people('1,Ann,,pa', '2,Bobby,1,pb')
        return 'yes'
      },
    })
    expect(status).toBe(3)
    expect(stdout).toContain('held, because its changes differ from the plan')
    expect(stdout).toContain('~ Person 2  name "Robert" → "Bobby"')
    expect((await stored()).join(' ')).toContain('Robert')
  })

  test('whoever wants all is asked once, and what a threshold stops is held', async () => {
    people('1,Ann,,pa', '2,Bobby,1,pb')
    write('rooms.csv', 'code\nA1\n')
    let asked = 0
    const answer = () => {
      asked += 1
      return 'all'
    }
    expect((await sluice(['sync'], { terminal: true, answer })).status).toBe(0)
    expect(asked).toBe(1)
    people()
    const held = await sluice(['sync', 'hr'], { terminal: true, answer: 'y' })
    expect(held).toMatchObject({ status: 3, stdout: expect.stringContaining('held by a threshold') })
    expect(existsSync(join(place().folder, 'repository'))).toBe(false)
  })
})
