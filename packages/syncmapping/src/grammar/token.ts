/**
 * Chevrotain's types, as Langium shows them.
 *
 * @module
 */
import type { LexerResult } from 'langium'

export type Token = LexerResult['tokens'][number]
export type TokenType = Token['tokenType']
export type LexingError = LexerResult['errors'][number]
