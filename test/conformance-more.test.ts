/**
 * Replays the cases that were given (`cases/sync-up`) through HTTP, and ours in the same format (`cases/own`).
 *
 * On one kind of database: they are about ways and behaviour, in which the databases do not differ.
 *
 * @module
 */
import { describe } from 'vitest'
import { casesIn, testCases } from './replay-cases.ts'

const [given, own] = await Promise.all([casesIn('sync-up'), casesIn('own')])

describe('on postgres-18, through HTTP', () => testCases(given, 'postgres-18', 'http'))
describe('on postgres-18', () => testCases(own, 'postgres-18'))
