/**
 * The console as somebody has it before him: a server of its own on PostgreSQL, filled with the demo, and a browser.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RepositoryLocation } from '@sluice/model'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { playDemo } from '../../packages/cli/src/demo/play-demo.ts'
import { callCommandLine } from '../../packages/cli/test/call-command-line.ts'
import { spawnSluice } from '../../packages/cli/test/sluice-process.ts'
import { openBrowser } from '../browser.ts'
import { testLocation } from '../databases.ts'

export interface ConsoleScenario extends AsyncDisposable {
  /** `http://127.0.0.1:…/console`. */
  readonly address: string
  /** Of the project. */
  readonly folder: string
  readonly browser: Browser
  readonly location: RepositoryLocation
  /** Access tokens by role. */
  readonly tokens: Readonly<Record<'admin' | 'operator' | 'viewer', string>>
  /** A window of somebody else, who is signed in with a role; what the browser complains of fails the test. */
  open(role: 'admin' | 'operator' | 'viewer', path?: string): Promise<Page>
  newContext(): Promise<BrowserContext>
}

/** Makes a project in a folder. `repository`: as YAML. */
type Fill = (folder: string, repository: string) => Promise<unknown>

const withDemo: Fill = (folder, repository) =>
  playDemo(folder, { environment: {}, repository, onStep: async () => {} })

export interface ConsoleOptions {
  /** The demo when absent. */
  readonly fill?: Fill
  /** Things happen in it by themselves, as with `--demo`; nothing does when absent. */
  readonly living?: boolean
  /** Changes the project once it was played. */
  readonly amend?: (folder: string) => void
  /** Free when absent. */
  readonly port?: number
}

export async function openConsole({
  fill = withDemo,
  living = false,
  amend,
  port = 0,
}: ConsoleOptions = {}): Promise<ConsoleScenario> {
  const places = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'sluice-console-'))
  places.defer(() => rmSync(folder, { recursive: true, force: true }))
  const { location } = places.use(await testLocation('postgres-18'))
  if (location.kind !== 'postgres') throw new Error('a server')
  const repository = `{url: "${location.url}", schema: ${location.schema}}`
  await fill(folder, repository)
  amend?.(folder)
  const tokens = {
    admin: await tokenOf(folder, 'admin'),
    operator: await tokenOf(folder, 'operator'),
    viewer: await tokenOf(folder, 'viewer'),
  }
  const server = spawnSluice(folder, [
    ...['server', '--port', String(port), '--log-format', 'json'],
    ...(living ? ['--demo', folder] : []),
  ])
  places.defer(async () => {
    server.child.kill('SIGTERM')
    await server.ended
  })
  const { url } = await server.says('listening')
  const browser = places.adopt(await openBrowser(), (one) => one.close())
  const address = `${url}/console`
  const newContext = () =>
    browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' })
  return {
    address,
    folder,
    location,
    browser,
    tokens,
    newContext,
    async open(role, path = '/') {
      const page = await (await newContext()).newPage()
      page.setDefaultTimeout(60_000)
      await signIn(page, `${address}${path}`, tokens[role])
      return page
    },
    [Symbol.asyncDispose]: () => places.disposeAsync(),
  }
}

async function tokenOf(folder: string, role: string): Promise<string> {
  const { stdout } = await callCommandLine(folder, ['token', 'create', role, '--role', role])
  const secret = /slc_[\w-]+/.exec(stdout)?.[0]
  if (secret === undefined) throw new Error(`No token was made: ${stdout}`)
  return secret
}

/** As somebody does who was sent there. */
export async function signIn(page: Page, address: string, token: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('button', { name: 'Use an access token' }).click()
  await page.getByLabel('Access token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').first().waitFor()
}
