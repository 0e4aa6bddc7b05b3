#!/usr/bin/env node
/**
 * The program `sluice`.
 *
 * @module
 */
import { keepCompiledCode } from './compile-cache.ts'
import { compileLater } from './compile-later.ts'

keepCompiledCode()
compileLater()
// Only now: what is loaded before is compiled anew each time.
await import('./command-line-process.ts')
