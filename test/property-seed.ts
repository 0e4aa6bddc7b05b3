/**
 * Property tests draw the same examples in every run, so that a red one is the fault of the change at hand.
 * `SLUICE_SEED=…` draws others.
 *
 * @module
 */
import process from 'node:process'
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['SLUICE_SEED'] ?? 1) })
