/**
 * The demo as a newcomer finds it: it goes on while he looks, and its mistake can be found and mended.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../browser.ts'
import { type ConsoleScenario, openConsole } from './console-scenario.ts'

/** Milliseconds, on a machine that is busy with something else. */
const timeout = 240_000

describe.runIf(hasBrowser)('the demo while it is served (needs Chromium)', () => {
  let scenario: ConsoleScenario
  beforeAll(async () => {
    scenario = await openConsole({ living: true })
  })
  afterAll(() => scenario?.[Symbol.asyncDispose]())

  test('goes on by itself: the overview shows another run, without being loaded again', async () => {
    const page = await scenario.open('viewer')
    const runs = page.getByRole('region', { name: 'Recent runs' })
    const newest = runs.getByRole('link').first()
    await newest.waitFor()
    await page.evaluate("window.loadedOnce = 'yes'")
    const before = await newest.getAttribute('href')
    await expect.poll(() => newest.getAttribute('href'), { timeout }).not.toBe(before)
    expect(await page.evaluate('window.loadedOnce')).toBe('yes')
    await page.getByText('is held, and waits to be approved or rejected').first().waitFor()
  })

  test('has a mapping with a mistake: health shows what is missing, the editor shows why, and the mended mapping fills it', async () => {
    const page = await scenario.open('admin', '/health?type=Server')
    const row = page.getByRole('row', { name: /^operatingSystem/ })
    await row.getByText('0 %', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Mappings' }).click()
    // The page before names the source, too.
    await page.getByRole('heading', { level: 1, name: 'Syncmappings' }).waitFor()
    await page.getByText('discovery', { exact: true }).click()
    await page.getByRole('tab', { name: 'Problems' }).click()
    await page.getByRole('button', { name: /operating_sytem/ }).click()
    await page.keyboard.press('Control+Shift+ArrowRight')
    await page.keyboard.type('operating_system')
    await page.keyboard.press('Escape')
    await page.getByText('Nothing is wrong with the modules.').waitFor()
    await page.getByRole('button', { name: 'Store…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Store', exact: true }).click()
    await page.getByRole('button', { name: 'Evaluate all roots' }).click()
    await page.getByText('Server: too many updated').waitFor()
    await page.getByRole('button', { name: 'Approve…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('The mapping was mended.')
    await dialog.getByRole('button', { name: /Update|Approve/ }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.goto(`${scenario.address}/health?type=Server`)
    await expect.poll(() => row.textContent(), { timeout }).toMatch(/9\d %/)
  })
})
