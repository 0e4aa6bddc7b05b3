/**
 * Replays the cases that were given (`cases/sync-up`) in one process, on every kind of database.
 *
 * @module
 */
import { describe } from 'vitest'
import { databases } from './databases.ts'
import { casesIn, testCases } from './replay-cases.ts'

const given = await casesIn('sync-up')

describe.each(databases)('on %s', (database) => testCases(given, database))
