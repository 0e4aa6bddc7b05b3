/**
 * A thread that evaluates one batch of roots after the other.
 *
 * @module
 */
import type { Subgraphs } from '@sluice/engine'
import { workerData } from 'piscina'
import { type BatchResult, evaluateBatch } from '../batch/evaluate-batch.ts'
import { type EvaluatorData, evaluatingOf } from './evaluator-data.ts'

const evaluating = evaluatingOf(workerData as EvaluatorData)

export function evaluateNext(subgraphs: Subgraphs): BatchResult {
  return evaluateBatch(evaluating, subgraphs)
}
