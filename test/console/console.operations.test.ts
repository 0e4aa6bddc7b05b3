/**
 * The console in a real browser, against a real server on PostgreSQL: what people come for.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriersOf, hasBrowser, picture } from '../browser.ts'
import { type ConsoleScenario, openConsole } from './console-scenario.ts'

describe.runIf(hasBrowser)('the console (needs Chromium)', () => {
  let scenario: ConsoleScenario
  beforeAll(async () => {
    scenario = await openConsole()
  }, 240_000)
  afterAll(() => scenario?.[Symbol.asyncDispose]())

  test('shows first what needs somebody', async () => {
    const page = await scenario.open('admin')
    const decisions = page.getByRole('region', { name: 'Needs you' })
    await decisions.getByText('is held, and waits to be approved or rejected').waitFor()
    expect(await decisions.getByRole('listitem').first().textContent()).toContain('hr')
    await page.getByRole('row', { name: /^cmdb/ }).getByText('in order').waitFor()
    await picture(page, 'overview')
    expect(await barriersOf(page)).toEqual([])
  })

  test('is found by keys: a letter for each page, and a palette', async () => {
    const page = await scenario.open('viewer')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.waitForURL(/\/console\/runs/)
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Search or jump to').fill('cmdb')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/sources\/cmdb/)
  })

  test('offers no page that a role may not see', async () => {
    const page = await scenario.open('viewer')
    const links = page.getByRole('navigation', { name: 'Menu' }).getByRole('link')
    expect(await links.allTextContents()).not.toContain('People')
    expect(await links.allTextContents()).toContain('Resources')
  })
})
