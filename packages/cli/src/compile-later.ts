/**
 * Lets PGlite run for a while before it is compiled to faster code.
 *
 * Node compiles each function of WebAssembly twice: at once, and better when it has run for some time, which is soon. Of a
 * database that is opened for a moment, most of that is never made use of: with the usual budget of a function, opening one takes
 * twice the processor time and three times the memory that is touched, and a run of 100,000 rows is a tenth slower, because
 * there are few processors for both. Measured in `docs/decisions/0057-the-first-minute.md`.
 *
 * @module
 */
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'

/** Of Node, that are known to have the flag: another one might complain of it at each start. */
const knownVersions: ReadonlySet<string> = new Set(['20', '22', '24'])

/** Some bytes of code that a function executes before it is compiled again: fifteen times what Node takes. */
const budget = 200_000_000

/** To be called before WebAssembly is loaded. */
export function compileLater(): void {
  const [major = ''] = process.versions.node.split('.')
  if (knownVersions.has(major)) setFlagsFromString(`--wasm-tiering-budget=${budget}`)
}
