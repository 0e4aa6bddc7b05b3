/**
 * The demo as a newcomer finds it: it goes on while he looks, and its mistake can be found and mended.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
    const before = await newest.textContent()
    await expect.poll(() => newest.textContent(), { timeout }).not.toBe(before)
    expect(await page.evaluate('window.loadedOnce')).toBe('yes')
    await page.getByText('is held, and waits to be approved or rejected').first().waitFor()
  })

  test('has a mapping with a mistake: health shows what is missing, and the mended mapping fills it', async () => {
    const page = await scenario.open('operator', '/health?type=Server')
    const row = page.getByRole('row', { name: /^operatingSystem/ })
    await row.getByText('0 %', { exact: true }).waitFor()
    const mapping = join(scenario.folder, 'mappings', 'hosts.tpl')
    writeFileSync(mapping, readFileSync(mapping, 'utf8').replace('operating_sytem', 'operating_system'))
    await page.goto(`${scenario.address}/`)
    const held = page.getByRole('listitem').filter({ hasText: 'discovery' }).filter({ hasText: 'is held' })
    await held.getByRole('link', { name: 'Decide' }).click({ timeout })
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
