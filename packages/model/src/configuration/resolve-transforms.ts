/**
 * The steps of a shaped value, checked; and what kind of value comes of them.
 *
 * @module
 */
import type { ExpressionKind, Transform } from '../source/shape.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { TransformInput } from './shape-schema.ts'
import type { Shaping } from './shaping.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

interface TransformContext {
  readonly source: Definition<SourceInput>
  /** From the source to the map that the transforms stand in. */
  readonly path: YamlPath
  readonly findings: Findings
  readonly shaping: Shaping | undefined
}

export function resolveTransforms(
  context: TransformContext,
  inputs: readonly TransformInput[] = [],
): readonly Transform[] {
  return inputs.map((input, index) => {
    const transform = transformOf(input)
    check(context, [...context.path, 'transforms', index], transform)
    return transform
  })
}

function transformOf(input: TransformInput): Transform {
  if (typeof input === 'string') return { kind: input }
  if ('unicode' in input) return { kind: 'unicode', form: input.unicode }
  if ('replace' in input) return { kind: 'replace', pattern: input.replace, replacement: input.with }
  if ('extract' in input) return { kind: 'extract', pattern: input.extract }
  if ('take' in input) return { kind: 'take', nth: input.take, by: input.by }
  if ('pad' in input) return { kind: 'pad', length: input.pad, fill: input.with ?? '0' }
  return { kind: 'flag', bit: input.flag }
}

function check({ source, findings, shaping }: TransformContext, path: YamlPath, transform: Transform): void {
  const refuse = (key: string, message: string, remedy?: string) =>
    findings.add(findingCodes.wrongValue, placeIn(source, [...path, key]), message, { remedy })
  if (transform.kind === 'replace' || transform.kind === 'extract') {
    const replacement = transform.kind === 'replace' ? transform.replacement : undefined
    const found = shaping?.pattern(transform.pattern, replacement)
    if (found !== undefined) refuse(transform.kind, found.problem, found.remedy)
  }
  if (transform.kind === 'take' && transform.nth === 0)
    refuse('take', 'There is no part 0.', 'The first part is 1, the last -1.')
  if (transform.kind === 'flag' && (transform.bit & (transform.bit - 1)) !== 0)
    refuse('flag', `${transform.bit} is more than one bit.`, 'Name one of them, such as 2 or 512.')
}

/** What kind of value the last step gives; `kind` is what the first one is given. */
export function kindAfter(kind: ExpressionKind, transforms: readonly Transform[]): ExpressionKind {
  return transforms.reduce<ExpressionKind>((_, step) => kindOf[step.kind] ?? 'text', kind)
}

const kindOf: Readonly<Partial<Record<Transform['kind'], ExpressionKind>>> = {
  flag: 'boolean',
  not: 'boolean',
  filetime: 'datetime',
  generalizedTime: 'datetime',
}
