/**
 * Lets PGlite run for a while before it is compiled to faster code.
 *
 * Node compiles each function of WebAssembly twice: at once, and better when it has run for some time, which is soon. Of a
 * database that is opened for a moment, most of that is never made use of: with the usual budget of a function, opening one takes
 * twice the processor time and three times the memory that is touched. A jump back counts as much as it jumps over, so what is
 * compiled again first is what is longest: the parser of PostgreSQL, one function of it, after a hundred short statements. Measured in `docs/decisions/0057-the-first-minute.md`.
 *
 * @module
 */
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'

/** Of Node, that are known to have the flag: another one might complain of it at each start. */
const knownVersions: ReadonlySet<string> = new Set(['20', '22', '24'])

/** Some bytes of code that a function executes before it is compiled again: eighty times what Node takes. */
const budget = 1_000_000_000

/** To be called before WebAssembly is loaded. */
export function compileLater(): void {
  const [major = ''] = process.versions.node.split('.')
  if (knownVersions.has(major)) setFlagsFromString(`--wasm-tiering-budget=${budget}`)
}
