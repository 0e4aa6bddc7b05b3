#!/usr/bin/env node
/**
 * Starts `sluice` from its sources, in a clone.
 *
 * The sources are TypeScript, which Node runs by itself from 22.18 on; an older Node hands over to
 * the one that `npm ci` put into node_modules. That is why this one file is JavaScript. What is
 * published is compiled and does not contain it.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const main = new URL('../src/main.ts', import.meta.url)
const broughtNode = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url))

if (process.features.typescript) {
  await import(main.href)
} else if (existsSync(broughtNode)) {
  const child = spawn(broughtNode, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches both processes: the child ends in good order, this one waits for it.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
} else {
  process.stderr.write(
    `error: This is Node ${process.versions.node}, and the sources of Sluice need 22.18 or newer.\n` +
      '→ Run `npm ci` in the clone; it brings the Node that Sluice is developed with.\n',
  )
  process.exitCode = 1
}
