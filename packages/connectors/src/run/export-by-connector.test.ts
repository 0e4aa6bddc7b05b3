import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ConnectorExport, DeliveryMode, Source } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { SourceWithProgram } from '../../test/source-with-program.ts'
import type { AnswerOf } from '../contract/export-request.ts'
import type { Exported } from '../contract/exported.ts'
import { checkSystem } from './ask-connector.ts'
import { exportByConnector } from './export-by-connector.ts'

const made = fileURLToPath(new URL('../../test/made', import.meta.url))
const secret = 'correct horse'
const environment = { MADE_PASSWORD: secret }
const password = { environment: 'MADE_PASSWORD' }

type Options = Readonly<Record<string, unknown>>

interface Asked {
  readonly mode?: DeliveryMode
  readonly cookies?: string
  readonly signal?: AbortSignal
  readonly by?: Partial<ConnectorExport>
}

/** A source of the connector in test/made. */
class MadeSource implements AsyncDisposable {
  readonly lines: string[] = []
  readonly #hr: SourceWithProgram

  private constructor(hr: SourceWithProgram) {
    this.#hr = hr
  }

  static async open(): Promise<MadeSource> {
    return new MadeSource(await SourceWithProgram.open())
  }

  get folder(): string {
    return this.#hr.folder
  }

  source(
    options: Options,
    more: Partial<ConnectorExport> = {},
  ): Source & { readonly export: ConnectorExport } {
    const by = { connector: made, secrets: [], unset: [], workingFolder: made, timeout: 30_000, retries: 2 }
    return { ...this.#hr.source(), export: { ...by, options, ...more } }
  }

  export(options: Options, { mode = 'complete', cookies, signal, by = {} }: Asked = {}): Promise<Exported> {
    const source = this.source(options, by)
    const answerOf: AnswerOf = async ({ stated }) => ({ mode: stated ?? mode })
    const log = ({ text }: { readonly text: string }) => void this.lines.push(text)
    const request = { source, mode, cookies, signal, environment, answerOf, log }
    return exportByConnector(source.export, request, { pause: 1 })
  }

  text(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  /** As if an export had left this cookie. */
  async cookies(text: string): Promise<string> {
    const folder = join(this.folder, '..', 'cookies')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'change'), text)
    return folder
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hr[Symbol.asyncDispose]()
  }
}

describe('a connector', () => {
  test('writes CSV with a header, and the rows that it wrote are counted', async () => {
    await using hr = await MadeSource.open()
    const exported = await hr.export({ rows: 2 })
    expect(await hr.text('people.csv')).toBe(
      'id,name\nu0,"Name ""0"", and more"\nu1,"Name ""1"", and more"\n',
    )
    expect(exported).toMatchObject({
      by: 'program',
      mode: 'complete',
      rows: { 'people.csv': 2, 'members.csv': 1 },
    })
  })

  test('is given the cookies of last time in an incremental alone, and new ones are kept beside the files', async () => {
    await using hr = await MadeSource.open()
    const cookies = await hr.cookies('yesterday')
    const exported = await hr.export({ changes: true }, { mode: 'incremental', cookies })
    expect(await hr.text('people.csv')).toMatch(/^command,id,name\nmerge,u0,/)
    expect(await readFile(join(exported.cookies ?? '', 'change'), 'utf8')).toBe('after yesterday')
    await using other = await MadeSource.open()
    await other.export({ changes: true }, { cookies })
    expect(await other.text('people.csv')).toMatch(/^id,name\nu0,/)
    expect(await other.text('.cookies/change')).toBe('after nothing')
  })

  test('starts over when its cookie is too old: nothing of the changes is left', async () => {
    await using hr = await MadeSource.open()
    const cookies = await hr.cookies('last year')
    const options = { changes: true, rows: 1, ends: ['cookie too old'] }
    const exported = await hr.export(options, { mode: 'incremental', cookies })
    expect(exported.mode).toBe('complete')
    expect(await hr.text('people.csv')).toBe('id,name\nu0,"Name ""0"", and more"\n')
    expect(hr.lines).toContain('The cookie is too old.')
  })

  test('waits for the disk, so that rows do not pile up in memory', async () => {
    await using hr = await MadeSource.open()
    const { rows } = await hr.export({ rows: 200_000 })
    expect(rows).toMatchObject({ 'people.csv': 200_000 })
    expect((await hr.text('people.csv')).split('\n')).toHaveLength(200_002)
  })
})

describe('what may pass', () => {
  test.each(['passing', 'ECONNRESET'])('is tried again from the start: %s', async (end) => {
    await using hr = await MadeSource.open()
    const exported = await hr.export({ ends: [end, end] })
    expect(exported.rows).toEqual({ 'people.csv': 3, 'members.csv': 1 })
    expect((await hr.text('people.csv')).split('\n')).toHaveLength(5)
    expect(hr.lines.filter((line) => line.endsWith('It is tried again.'))).toHaveLength(2)
  })

  test('is an error when it does not, which says how often it was tried', async () => {
    await using hr = await MadeSource.open()
    await expect(hr.export({ ends: ['passing', 'passing', 'passing'] })).rejects.toMatchObject({
      code: 'SLUICE-CONNECT-03',
      message: expect.stringMatching(/could not be read: It is busy, \. It was tried 3 times\.$/),
      retry: true,
    })
    await expect(hr.export({ ends: ['passing'] }, { by: { retries: 0 } })).rejects.toMatchObject({
      message: expect.stringMatching(/could not be read: It is busy, \.$/),
    })
  })

  test('is not a refusal, which is not tried again', async () => {
    await using hr = await MadeSource.open()
    await expect(hr.export({ ends: ['refused'] })).rejects.toMatchObject({
      code: 'SLUICE-CONNECT-03',
      retry: false,
    })
    expect(hr.lines).toEqual(['connected with '])
  })
})

describe('an export that does not end well', () => {
  test.each([
    ['refused', 'SLUICE-CONNECT-03'],
    ['incomplete', 'SLUICE-EXPORT-08'],
  ])('leaves the files and cookies of the one before: %s', async (end, code) => {
    await using hr = await MadeSource.open()
    await hr.export({ rows: 1 })
    await expect(hr.export({ rows: 9, ends: [end, end, end] })).rejects.toMatchObject({ code })
    expect((await hr.text('people.csv')).split('\n')).toHaveLength(3)
    expect(await hr.text('.cookies/change')).toBe('after nothing')
    expect(JSON.parse(await hr.text('export.json'))).toMatchObject({ state: 'failed', code })
    expect(await readdir(join(hr.folder, '..'))).toEqual(['hr'])
  })

  test.each(['hanging', 'deaf'])('is stopped when its time is over: %s', async (end) => {
    await using hr = await MadeSource.open()
    await expect(hr.export({ ends: [end] }, { by: { timeout: 300 } })).rejects.toMatchObject({
      code: 'SLUICE-CONNECT-04',
      message: expect.stringMatching(/did not end within 0\.3 s\.$/),
    })
  })

  test.each(['hanging', 'deaf'])('is stopped when somebody interrupts it: %s', async (end) => {
    await using hr = await MadeSource.open()
    const stop = new AbortController()
    const exporting = hr.export({ ends: [end] }, { signal: stop.signal })
    stop.abort(new Error('stopped'))
    await expect(exporting).rejects.toThrow('stopped')
  })

  test('does not begin without a mapped file', async () => {
    await using hr = await MadeSource.open()
    await expect(hr.export({ without: 'people.csv' })).rejects.toMatchObject({
      code: 'SLUICE-EXPORT-11',
      message: expect.stringMatching(
        /^The connector of .* did not write "people\.csv"; it wrote members\.csv\.$/,
      ),
    })
  })
})

describe('a secret', () => {
  test('stands in no message, remedy, note or line of the log', async () => {
    await using hr = await MadeSource.open()
    for (const end of ['refused', 'passing', 'incomplete']) {
      const failed = await hr.export({ password, ends: [end, end, end] }).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(Error)
      expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed))).not.toContain(secret)
      expect(String(failed)).toContain('***')
    }
    expect(hr.lines).toContain('connected with ***')
    expect(hr.lines.join('\n')).not.toContain(secret)
    expect(await hr.text('export.json')).not.toContain(secret)
  })

  test('comes from a text with variables, a variable, a file or a program', async () => {
    await using hr = await MadeSource.open()
    const file = join(hr.folder, '..', 'password.txt')
    await writeFile(file, `${secret}\n`)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
    for (const one of ['${MADE_PASSWORD}', password, { file }, { command: ['printf', '%s\\n', secret] }]) {
      await hr.export({ password: one, rows: 1 })
      expect(hr.lines.splice(0)).toEqual(['connected with ***'])
    }
  })

  test.each([
    [{ environment: 'NOT_SET' }, 'the environment variable "NOT_SET" is not set.'],
    [{ file: '/no/such/file' }, /no such file/],
    [{ command: ['false'] }, 'false ended with status 1.'],
    [{ command: ['no-such-program'] }, 'no-such-program was not found.'],
    [{ command: ['true'] }, 'it is empty.'],
  ])('that cannot be found is an error before anything is tried: %o', async (from, why) => {
    await using hr = await MadeSource.open()
    const failed = hr.export({ password: from })
    await expect(failed).rejects.toMatchObject({ code: 'SLUICE-CONNECT-05' })
    await expect(failed).rejects.toThrow(why)
  })
})

describe('a connector that cannot be used', () => {
  test.each([
    [{ connector: 'ldpa' }, '01', 'There is no connector "ldpa".'],
    [{ connector: './no-such-folder' }, '01', 'There is no connector "./no-such-folder".'],
    [{ connector: './other.ts' }, '01', '"./other.ts" exports no connector.'],
    [{ unset: ['HOST'] }, '06', 'the environment variable "HOST" is not set.'],
    [{ options: { rows: 'many' } }, '06', /rows .*expected number/],
  ])('is named, with the reason: %o', async (more, code, why) => {
    await using hr = await MadeSource.open()
    const workingFolder = join(hr.folder, '..')
    await writeFile(join(workingFolder, 'other.ts'), 'export default 1\n')
    const failed = hr.export({}, { by: { workingFolder, ...more } })
    await expect(failed).rejects.toMatchObject({ code: `SLUICE-CONNECT-${code}` })
    await expect(failed).rejects.toThrow(why)
  })
})

describe('a check', () => {
  test('says what is visible, and hides what it was given', async () => {
    await using hr = await MadeSource.open()
    const source = hr.source({ password })
    expect(await checkSystem({ source, environment })).toEqual({ facts: { server: 'made' }, warnings: [] })
    const refused = checkSystem({ source, environment: { MADE_PASSWORD: 'wrong horse' } })
    await expect(refused).rejects.toThrow('The password *** is refused.')
  })

  test('is refused where there is no connector', async () => {
    await expect(checkSystem({ source: { name: 'hr' }, environment })).rejects.toMatchObject({
      code: 'SLUICE-CONNECT-07',
    })
  })
})
