/**
 * What a delivery may state, before any of its files is looked at.
 *
 * @module
 */
import { deliveredAs, type EntityModel, type Source } from '@sluice/model'
import { findContradiction, type Manifest, manifestSchema } from '@sluice/protocol'
import { ManifestRefusedError, UnknownMappingError } from './upload-errors.ts'

/** The manifest as it may be kept. Throws `ManifestRefusedError` where it contradicts itself. */
export function checkManifest(id: string, manifest: Manifest): Manifest {
  const checked = manifestSchema.parse(manifest)
  const contradiction = findContradiction(checked)
  if (contradiction !== undefined) throw new ManifestRefusedError(id, contradiction)
  return checked
}

/** Throws `UnknownMappingError` where a file is of no mapping of the source. */
export function checkMappings(
  of: Source,
  modelOf: EntityModel,
  files: readonly { readonly name: string }[],
): void {
  const { source } = deliveredAs(of, modelOf)
  const known = new Set([...source.entities, ...source.associations].map(({ name }) => name))
  for (const { name } of files) {
    const mapping = /^(.*)\.sorted\./.exec(name)?.[1]
    if (mapping !== undefined && !known.has(mapping)) throw new UnknownMappingError(of.name, mapping)
  }
}
