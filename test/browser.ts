/**
 * A real browser: Debian's Chromium, or what `SLUICE_CHROMIUM` names; nothing is downloaded.
 *
 * @module
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const executablePath = process.env['SLUICE_CHROMIUM'] ?? '/usr/bin/chromium'

export const hasBrowser = existsSync(executablePath)

/** Pictures of tests: kept as output of the build, not with the sources. */
const pictures = fileURLToPath(new URL('../coverage/console/', import.meta.url))

export function openBrowser(): Promise<Browser> {
  // Its sandbox needs what containers do not give; it only sees what these tests show it.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

export const sizes = [1440, 768, 360] as const
export const schemes = ['light', 'dark'] as const

/** Those that the README and the pages show; `SLUICE_PICTURES=1` takes them again. */
const shown = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const isShown = (file: string) => existsSync(join(shown, file)) && process.env['SLUICE_PICTURES'] === '1'

/** The page in every size, light and dark: `coverage/console/NAME-1440-light.png`. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  const before = page.viewportSize()
  for (const width of sizes)
    for (const colorScheme of schemes) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme })
      const file = `${name}-${width}-${colorScheme}.png`
      await page.screenshot({ path: join(pictures, file), fullPage: true })
      if (isShown(file)) copyFileSync(join(pictures, file), join(shown, file))
    }
  await page.emulateMedia({ colorScheme: 'light' })
  if (before !== null) await page.setViewportSize(before)
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What stands against WCAG 2.2 AA on the page and is serious, a line each. */
export async function barriersOf(page: Page): Promise<readonly string[]> {
  // Not as a script of the page: it takes none but its own.
  await page.evaluate(axe)
  const { violations }: AxeResult = await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })",
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
