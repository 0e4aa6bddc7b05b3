/**
 * What an edit is answered with, and how versions stand in headers.
 *
 * @module
 */
import { changeSchema, editedResourceSchema, runReportSchema } from '@sluice/model'
import { z } from 'zod'
import { versionedResourceSchema } from './records.ts'
import { type Answered, apiPrefix } from './route.ts'

export const editedSchema = z.object({
  report: runReportSchema,
  resources: z
    .array(editedResourceSchema)
    .describe('What the edits of resources were about, in their order.'),
  resource: versionedResourceSchema
    .nullable()
    .describe('Of a single edit of a resource: as it is now. `null`: it is gone, or nothing was applied.'),
  changes: z.array(changeSchema).describe('Of a dry run: the first changes of each kind.'),
})
export type EditedAnswer = Readonly<z.infer<typeof editedSchema>>

export const ifMatch = {
  'if-match':
    'The `ETag` with which the resource was read: refused with 412 where it has changed since. Without it, or with `*`, whatever it is by now is changed.',
}

export const versionedAnswered: (resource: { readonly version: string }) => Answered = ({ version }) => ({
  headers: { etag: `"${version}"` },
})

/** 202: a threshold holds the run, and somebody has to decide. */
export const singleAnswered: (edited: EditedAnswer) => Answered = ({ report, resource }) => {
  if (report.state === 'held') return { status: 202, headers: {} }
  if (resource === null) return { headers: {} }
  const created = report.entities.some(
    ({ mapping, changes }) => mapping === resource.entityType && changes.inserted > 0,
  )
  if (!created) return versionedAnswered(resource)
  const location = `${apiPrefix}/resources/${encodeURIComponent(resource.entityType)}/${resource.resourceId}`
  return { status: 201, headers: { ...versionedAnswered(resource).headers, location } }
}
