/**
 * The console in a real browser, against a real server on PostgreSQL: what people come for.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCommandLine } from '../../packages/cli/test/call-command-line.ts'
import { barriersOf, hasBrowser, picture } from '../browser.ts'
import { type ConsoleScenario, openConsole } from './console-scenario.ts'

/** Milliseconds, on a machine that is busy with something else. */
const timeout = 60_000

describe.runIf(hasBrowser)('the console (needs Chromium)', () => {
  let scenario: ConsoleScenario
  beforeAll(async () => {
    scenario = await openConsole()
  })
  afterAll(() => scenario?.[Symbol.asyncDispose]())

  /** By the API, with the session of the page. */
  async function count(page: Page, type: string): Promise<number> {
    const answer = await page.request.get(
      `${new URL(scenario.address).origin}/api/v1/resource-counts/${type}`,
    )
    return (await answer.json()).count
  }

  test('shows first what needs somebody', async () => {
    const page = await scenario.open('admin')
    const decisions = page.getByRole('region', { name: 'Needs you' })
    await decisions.getByText('is held, and waits to be approved or rejected').waitFor()
    expect(await decisions.getByRole('listitem').first().textContent()).toContain('hr')
    await page.getByRole('row', { name: /^cmdb/ }).getByText('in order').waitFor()
    await picture(page, 'overview')
  })

  test('is found by keys: a letter for each page, and a palette', async () => {
    const page = await scenario.open('viewer')
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.waitForURL(/\/console\/runs/)
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Search or jump to').fill('cmdb')
    await page.getByRole('dialog').getByText('cmdb', { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/sources\/cmdb/)
  })

  test('is searched from anywhere: the palette looks for words in a type', async () => {
    const page = await scenario.open('viewer', '/runs')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Search or jump to').fill('ada')
    const palette = page.getByRole('dialog')
    await palette.getByRole('button', { name: 'Person', exact: true }).click()
    await page.waitForURL(/\/console\/resources\/Person\?q=ada/)
    await page.getByRole('row', { name: /Ada/ }).first().waitFor()
  })

  test('offers nothing that a role may not do', async () => {
    const page = await scenario.open('viewer')
    const links = page.getByRole('navigation', { name: 'Menu' }).getByRole('link')
    expect(await links.allTextContents()).not.toContain('People')
    await page.getByRole('link', { name: 'Decide' }).first().click()
    await page.getByText('This run waits for a decision').waitFor()
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0)
  })

  test('shows nothing of a run under the name of another one, not for a moment', async () => {
    const page = await scenario.open('operator', '/runs/17')
    const waits = page.getByText('This run waits for a decision')
    await waits.waitFor()
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      void page.route('**/api/v1/runs/16', async (route) => {
        resolve()
        await new Promise<void>((go) => {
          answer = go
        })
        await route.continue()
      })
    })
    await page.evaluate("history.pushState({}, '', location.href.replace(/17$/, '16'))")
    await asked
    expect(await waits.count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0)
    answer()
    await page.getByRole('heading', { level: 1, name: 'Run 16' }).waitFor()
  })

  // Before others change what it was computed from.
  test('tells why a run is held, that nothing was deleted, and lets it pass', async () => {
    const page = await scenario.open('operator')
    const before = await count(page, 'Person')
    await page.getByRole('link', { name: 'Decide' }).first().click()
    await page.getByText('Person: too many disappeared').waitFor()
    await page.getByText(/of \d+ \(5\d %\)/).waitFor()
    await picture(page, 'held-run')
    await page.getByRole('tab', { name: 'Changes' }).click()
    await page.getByRole('button', { name: /^Deleted/ }).click()
    await page
      .getByRole('row', { name: /Deleted Person/ })
      .first()
      .waitFor()
    expect(await count(page, 'Person')).toBe(before)
    await page.getByRole('button', { name: 'Approve…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/Delete \d+ Person/)
      .first()
      .waitFor()
    await dialog.getByLabel('Reason').fill('Production was sold.')
    await dialog.getByRole('button', { name: /Delete|Approve/ }).click()
    await dialog.waitFor({ state: 'hidden' })
    await expect
      .poll(() => page.getByText('applied', { exact: true }).count(), { timeout })
      .toBeGreaterThan(0)
    expect(await count(page, 'Person')).toBeLessThan(before)
  })

  test('says who owns the phone number of a person, and where to change it', async () => {
    const page = await scenario.open('viewer', '/resources/Person')
    await page.getByPlaceholder('Words in any of the texts').fill('+49 30 1014')
    await page.getByRole('link', { name: 'Dennis Abebe' }).click()
    await page.getByRole('button', { name: 'phone: Locked by hr' }).click()
    await page.getByText('Change it in the managed system of hr').waitFor()
    expect(await page.getByRole('link', { name: 'Open the record in hr' }).first().getAttribute('href')).toBe(
      'https://hr.example.com/people/1014',
    )
    await page.keyboard.press('Escape')
    await picture(page, 'resource')
  })

  test('decides a doubtful row with one key, and shows the next', async () => {
    const page = await scenario.open('admin', '/matches')
    const row = page.getByRole('heading', { level: 2 }).first()
    await page
      .getByRole('button', { name: /It is this one/ })
      .first()
      .waitFor()
    const before = await row.textContent()
    await picture(page, 'matches')
    await page.keyboard.press('1')
    await expect.poll(() => row.textContent(), { timeout }).not.toBe(before)
  })

  test('shows what values say, and runs none of it', async () => {
    const page = await scenario.open('admin')
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    const name = '<img src=x onerror=alert(1)>'
    const { stdout } = await callCommandLine(
      scenario.folder,
      [
        ...['resource', 'create', 'Person', `name=${name}`, 'mail=javascript:alert(2)'],
        ...['--server', new URL(scenario.address).origin, '--json'],
      ],
      { environment: { SLUICE_TOKEN: scenario.tokens.admin } },
    )
    expect(stdout).toContain('Person')
    await page.goto(`${scenario.address}/resources/Person`)
    await page.getByPlaceholder('Words in any of the texts').fill('onerror')
    await page.getByRole('link', { name }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    expect(await page.locator('img[src="x"]').count()).toBe(0)
    expect(dialogs).toEqual([])
  })

  test('asks for the sign-in again in the middle of an edit, and loses nothing', async () => {
    const page = await scenario.open('admin', '/resources/Department')
    await page.getByRole('link', { name: 'Research' }).click()
    await page.waitForURL(/Department\/\d+/)
    await page.goto(`${scenario.address}/resources/Person/new`)
    await page.getByLabel('name', { exact: true }).fill('Ada Newcomer')
    await page.context().clearCookies()
    await page.getByRole('button', { name: /Review|Create/ }).click()
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor()
    await page.getByLabel('Access token').fill(scenario.tokens.admin)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor({ state: 'hidden' })
    expect(await page.getByLabel('name', { exact: true }).inputValue()).toBe('Ada Newcomer')
  })

  test.each([
    ['/', 'overview'],
    ['/sources', 'sources'],
    ['/sources/hr?tab=definition', 'source-definition'],
    ['/sources/doors?tab=replicas', 'source-replicas'],
    ['/runs', 'runs'],
    ['/runs/1', 'run'],
    ['/runs/5?tab=changes', 'run-changes'],
    ['/resources', 'types'],
    ['/resources/Person', 'resources'],
    ['/matches', 'matches-later'],
    ['/orders', 'orders'],
    ['/model?view=list', 'model'],
    ['/health?type=Person', 'health'],
    ['/people', 'people'],
  ])(
    '%s keeps nobody out: axe finds nothing serious, light and dark, and the browser complains of nothing',
    async (path, name) => {
      const complaints: string[] = []
      const page = await scenario.open('admin')
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', ({ message }) => complaints.push(message))
      await page.goto(`${scenario.address}${path}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.waitForLoadState('networkidle')
      await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout }).toBe(0)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await barriersOf(page), colorScheme).toEqual([])
      }
      await page.setViewportSize({ width: 360, height: 800 })
      const wide = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(wide, 'the page is wider than 360 pixels').toBeLessThanOrEqual(0)
      await picture(page, name)
      expect(complaints).toEqual([])
    },
  )
})
