/**
 * Replays the cases that were given (`cases/sync-up`) through HTTP, and ours in the same formats (`cases/own`, and `cases/several-sources`,
 * of what was wrong once where several rows or sources meet).
 *
 * On one kind of database: they are about ways and behaviour, in which the databases do not differ.
 *
 * @module
 */
import { describe } from 'vitest'
import { casesIn, testCases } from './replay-cases.ts'

const [given, own, several] = await Promise.all([
  casesIn('sync-up'),
  casesIn('own'),
  casesIn('several-sources'),
])

describe('on postgres-18, through HTTP', () => testCases(given, 'postgres-18', 'http'))
describe('on postgres-18', () => testCases([...own, ...several], 'postgres-18'))
