/**
 * A thread that evaluates one batch of roots after the other.
 *
 * @module
 */
import { workerData } from 'node:worker_threads'
import type { Subgraphs } from '@sluice/engine'
import { type BatchResult, evaluateBatch } from '../batch/evaluate-batch.ts'
import { type EvaluatorData, evaluatingOf } from './evaluator-data.ts'

// Piscina puts its own data before that of the pool.
const [, data] = workerData as readonly [unknown, EvaluatorData]
const evaluating = evaluatingOf(data)

export function evaluateNext(subgraphs: Subgraphs): BatchResult {
  return evaluateBatch(evaluating, subgraphs)
}
