/**
 * Checks that mappings say where their rows come from: every source's but that of a graph, whose rows are what syncmappings make.
 *
 * A schema cannot tell the one from the other, and an editor would not understand it.
 *
 * @module
 */
import { z } from 'zod'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { YamlFile } from './yaml-file.ts'

const mappingsSchema = z.record(z.string(), z.record(z.string(), z.unknown())).catch({})
const sourcesSchema = z.object({
  sources: z.record(
    z.string(),
    z
      .object({
        graph: z.unknown().optional(),
        entities: mappingsSchema.optional(),
        associations: mappingsSchema.optional(),
      })
      .catch({}),
  ),
})

const required = { entities: ['properties'], associations: ['file', 'from', 'to'] } as const

export function checkMappingShapes(file: YamlFile, findings: Findings): void {
  const parsed = sourcesSchema.safeParse(file.value)
  if (!parsed.success) return
  for (const [name, source] of Object.entries(parsed.data.sources)) {
    if (source.graph !== undefined) continue
    for (const section of ['entities', 'associations'] as const) {
      for (const [mapping, written] of Object.entries(source[section] ?? {})) {
        for (const key of required[section].filter((one) => written[one] === undefined)) {
          const place = file.placeOf(['sources', name, section, mapping, key])
          findings.add(findingCodes.wrongValue, place, `"${key}" is missing in "${mapping}".`)
        }
      }
    }
  }
}
