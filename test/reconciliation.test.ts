/**
 * Replays the scenarios of reconciliation that were given (`cases/reconciliation`), on every kind of database.
 *
 * @module
 */
import { describe } from 'vitest'
import { databases } from './databases.ts'
import { casesIn, testCases } from './replay-cases.ts'

const given = await casesIn('reconciliation')

describe.each(databases)('on %s', (database) => testCases(given, database))
