/**
 * One root of the source graph → its part of the target graph.
 *
 * @module
 */
import { md5 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { LogLevel } from '../functions/built-in.ts'
import type { Mapping, Program } from '../link/program.ts'
import { isInEffect } from '../plan/in-effect.ts'
import { asRootFailure, type RootFailedError } from '../root-failed-error.ts'
import { Ci, type GraphNode } from '../value/value.ts'
import { passes } from './evaluate-where.ts'
import { runBody } from './execute.ts'
import type { Frame } from './frame.ts'
import { withImpact, withKnownAttributes } from './impact.ts'
import type { EvaluationWarning, Run, Surroundings } from './run.ts'
import { type Relationship, TargetGraph } from './target-graph.ts'

/** What came of a root; all of it counts, or nothing. */
export type RootResult =
  | {
      readonly type: 'specified'
      readonly cis: readonly Ci[]
      readonly relationships: readonly Relationship[]
      readonly log: readonly (readonly [LogLevel, string])[]
      readonly warnings: readonly EvaluationWarning[]
    }
  | {
      /** The root is destroyed: these CIs go, and with them all that came of this root. */
      readonly type: 'deleted'
      readonly cis: readonly Ci[]
      readonly log: readonly (readonly [LogLevel, string])[]
    }
  | { readonly type: 'failed'; readonly error: RootFailedError }

export function evaluateRoot(program: Program, root: GraphNode, surroundings: Surroundings): RootResult {
  const run = newRun(program, root, surroundings)
  try {
    const frames = rootMappings(root, run).map((mapping) => runBody(mapping, root, run))
    const { log } = run
    if (root.isDestroyed) return { type: 'deleted', cis: frames.flatMap(rootCi), log }
    const { cis, relationships } = run.target.result(surroundings.dataset)
    const { classes, dataModel } = surroundings
    const written = relationships
      .flatMap((one) => withImpact(one, dataModel))
      .map((one) => withKnownAttributes(one, classes))
    return { type: 'specified', cis, relationships: written, log, warnings: [...run.warnings.values()] }
  } catch (error) {
    const failure = asRootFailure(error)
    if (failure === undefined) throw error
    return { type: 'failed', error: failure }
  }
}

function newRun(program: Program, root: GraphNode, surroundings: Surroundings): Run {
  const log: Run['log'] = []
  return {
    program,
    surroundings,
    target: new TargetGraph(surroundings.classes),
    context: {
      graph: surroundings.graph,
      now: surroundings.now ?? Date.now,
      minutesAhead: surroundings.minutesAhead ?? 0,
      log: (level, text) => void log.push([level, text]),
      option: surroundings.option ?? (() => null),
      mail:
        surroundings.mail ??
        ((to, subject) => void log.push(['warn', `No mail is sent to ${to}: ${subject}`])),
      md5: surroundings.md5 ?? ((text) => bytesToHex(md5(utf8ToBytes(text)))),
    },
    isDeletion: root.isDestroyed,
    log,
    warnings: new Map(),
    constants: new Map(),
    writers: new Map(),
  }
}

function rootMappings(root: GraphNode, run: Run): readonly Mapping[] {
  return run.program.mappings.filter((mapping) => {
    const { source } = mapping.tree
    if (
      source.type !== 'on' ||
      source.kind.text !== root.kind ||
      !isInEffect(mapping, run.surroundings.dataModel)
    )
      return false
    return source.where === undefined || passes(root, source.where, outside(mapping, root), run)
  })
}

/** Where no body runs yet. */
function outside(mapping: Mapping, node: GraphNode): Frame {
  const { scope, module } = mapping
  return { mapping, module, names: new Map(), path: new Map(), scope, node, filing: new Map(), members: [] }
}

/** The first target that is declared directly under `mapping on`, of those that the body has specified. */
function rootCi({ mapping, names }: Frame): readonly Ci[] {
  for (const target of mapping.scope.targets.keys()) {
    const value = names.get(target)
    if (value instanceof Ci) return [value]
  }
  return []
}
