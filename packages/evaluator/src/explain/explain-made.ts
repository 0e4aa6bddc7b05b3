/**
 * Explains what a graph source has made: which roots give it, and which statement wrote each attribute and link. Nothing of that is
 * stored: roots are evaluated again, by the modules of today.
 *
 * @module
 */
import {
  readOwners,
  readStoredResults,
  type StoredCi,
  type StoredOwners,
  type StoredResult,
} from '@sluice/engine'
import type { MadeByRoots } from '@sluice/model'
import { z } from 'zod'
import { type EvaluatedRoot, type Given, type StoredGraph, storedEvaluator } from './evaluate-stored.ts'
import { attributeWrites, itemWrite, linkWrite } from './writes-of.ts'

/** Of a shared item that many roots give, so many are evaluated: first those whose values count. */
const mostEvaluated = 5

/** `key`: of the source's replica. `undefined`: no root gives it. */
export async function explainMade(stored: StoredGraph, key: string): Promise<MadeByRoots | undefined> {
  const { session, source, sourceId } = stored
  const ci: StoredCi = {
    sourceId,
    entities: source.entities.map(({ name }) => name),
    associations: source.associations.map(({ name }) => name),
    key,
  }
  const owners = await readOwners(session, ci)
  if (owners.count === 0) return undefined
  const evaluateAgain = storedEvaluator(stored)
  const explained: ExplainedRoot[] = []
  for (const root of rootsToEvaluate(owners)) {
    const results = (await readStoredResults(session, ci, root)).map((result) => storedOf(result, ci))
    explained.push({ root, results, evaluated: await evaluateAgain(root) })
  }
  return {
    owners: owners.count,
    roots: [...owners.owners],
    attributes: attributesOf(owners, key, explained),
    links: explained.flatMap((one) => linksOf(one, ci)),
    notes: explained.flatMap((one) => notesOf(one, key)),
  }
}

interface ExplainedRoot {
  readonly root: string
  /** As they are stored. */
  readonly results: readonly Given[]
  readonly evaluated: EvaluatedRoot
}

function rootsToEvaluate({ owners, values }: StoredOwners): readonly string[] {
  const winners = [...values.values()].map(({ root }) => root)
  return [...new Set([...winners, ...owners.map(({ root }) => root)])].slice(0, mostEvaluated)
}

/** Those that count, and those that the roots give now and did not give when they were stored. */
function attributesOf(
  { values }: StoredOwners,
  key: string,
  explained: readonly ExplainedRoot[],
): MadeByRoots['attributes'] {
  const fieldsNow = (evaluated: EvaluatedRoot): Given['fields'] =>
    evaluated.type === 'given' ? (evaluated.results.find((one) => isNamed(one, key))?.fields ?? {}) : {}
  const added = explained.flatMap(({ root, evaluated }) =>
    Object.keys(fieldsNow(evaluated))
      .filter((property) => !values.has(property))
      .map((property) => ({ property, root, stored: null })),
  )
  const counting = [...values].map(([property, { root, value }]) => ({ property, root, stored: value }))
  return [...counting, ...added].map(({ property, root, stored }) => {
    const evaluated = explained.find((one) => one.root === root)?.evaluated
    if (evaluated?.type !== 'given') return { property, root, stored, by: null, overwritten: [] }
    const now = fieldsNow(evaluated)[property] ?? null
    const { by, overwritten } = attributeWrites(evaluated.writes, key, property)
    const own = by ?? itemWrite(evaluated.writes, key)
    return { property, root, stored, now, by: now === null ? null : own, overwritten }
  })
}

function linksOf({ root, results, evaluated }: ExplainedRoot, ci: StoredCi): MadeByRoots['links'] {
  const isLinkHere = ({ names }: Given) => names.length > 1 && names.includes(ci.key)
  const linksNow = evaluated.type === 'given' ? evaluated.results.filter(isLinkHere) : []
  const before = results.filter(isLinkHere)
  const gone = before.filter((link) => !linksNow.some((one) => isSame(one, link)))
  const writes = evaluated.type === 'given' ? evaluated.writes : []
  return [...linksNow, ...gone].map((link) => {
    const [from = '', to = ''] = link.names
    const fieldsIn = (links: readonly Given[]) => links.find((one) => isSame(one, link))?.fields ?? null
    return {
      association: link.mapping,
      from,
      to,
      root,
      ...(evaluated.type === 'given' ? { now: fieldsIn(linksNow) } : {}),
      stored: fieldsIn(before),
      by: linkWrite(writes, link.mapping, { from, to }),
    }
  })
}

function isSame(a: Given, b: Given): boolean {
  return a.mapping === b.mapping && a.names.every((name, index) => name === b.names[index])
}

function isNamed({ names }: Given, key: string): boolean {
  return names.length === 1 && names[0] === key
}

const endsSchema = z.tuple([z.string(), z.string()])

function storedOf({ mapping, key, fields }: StoredResult, { associations }: StoredCi): Given {
  return {
    mapping,
    fields,
    names: associations.includes(mapping) ? endsSchema.parse(JSON.parse(key)) : [key],
  }
}

function notesOf({ root, evaluated }: ExplainedRoot, key: string): readonly string[] {
  const now = 'Evaluated now, root'
  switch (evaluated.type) {
    case 'gone':
      return [`Root ${root} is not in the graph any more.`]
    case 'destroyed':
      return [`${now} ${root} is destroyed: what it gave goes.`]
    case 'failed': {
      const { message, place } = evaluated.error
      const where = place === undefined ? '' : `${place.file}:${place.line ?? 1}:${place.column ?? 1}: `
      return [`${now} ${root} fails: ${where}${message}`]
    }
    default:
      return evaluated.results.some((one) => isNamed(one, key)) ? [] : [`${now} ${root} does not give it.`]
  }
}
