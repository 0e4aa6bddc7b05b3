/**
 * What people change through the API.
 *
 * @module
 */
import type { Change, Edit, EditedResource, RunReport } from '@sluice/model'
import { routes } from '@sluice/protocol'
import type { VersionedResource } from '@sluice/repository'
import type { Caller } from '../access/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { RequestRefusedError } from '../server-errors.ts'
import { handler } from './handler.ts'

export function editHandlers(context: ServerContext) {
  return {
    createResource: handler(routes.createResource, ({ params, query, body, caller, signal }) =>
      editOne(
        context,
        { action: 'create', type: params.entityType, values: body },
        { ...query, caller, signal },
      ),
    ),

    updateResource: handler(routes.updateResource, ({ params, query, body, headers, caller, signal }) => {
      const about = { type: params.entityType, resource: { id: params.key } }
      const version = versionIn(headers['if-match'])
      return editOne(
        context,
        { action: 'update', ...about, values: body, version },
        { ...query, caller, signal },
      )
    }),

    deleteResource: handler(routes.deleteResource, ({ params, query, headers, caller, signal }) => {
      const about = { type: params.entityType, resource: { id: params.key } }
      const version = versionIn(headers['if-match'])
      return editOne(context, { action: 'delete', ...about, version }, { ...query, caller, signal })
    }),

    putLink: handler(routes.putLink, ({ params: { association, from, to }, query, body, caller, signal }) => {
      const ends = { from: { id: from }, to: { id: to } }
      return edit(context, [{ action: 'link', association, ...ends, properties: body }], {
        ...query,
        caller,
        signal,
      })
    }),

    deleteLink: handler(routes.deleteLink, ({ params: { association, from, to }, query, caller, signal }) => {
      const ends = { from: { id: from }, to: { id: to } }
      return edit(context, [{ action: 'unlink', association, ...ends }], { ...query, caller, signal })
    }),

    edit: handler(routes.edit, ({ query, body, caller, signal }) =>
      edit(context, body.edits, { ...query, caller, signal }),
    ),
  }
}

interface Editing {
  readonly caller: Caller
  /** Aborted when whoever asked is gone. */
  readonly signal: AbortSignal
  readonly comment?: string | undefined
  readonly dryRun?: boolean | undefined
}

interface Answer {
  readonly report: RunReport
  readonly resources: readonly EditedResource[]
  readonly resource: VersionedResource | null
  readonly changes: readonly Change[]
}

async function edit(
  { synchronizer, metrics }: ServerContext,
  edits: readonly Edit[],
  { caller, comment, dryRun, signal: waiting }: Editing,
): Promise<Answer> {
  const role = caller.role === 'admin' ? ('administrator' as const) : ('user' as const)
  const request = { edits: [...edits], role }
  const { by } = caller
  if (dryRun === true) {
    const { report, resources, changes } = await synchronizer.planEdit(request, { by, comment, waiting })
    return { report, resources, resource: null, changes }
  }
  const { report, resources } = await synchronizer.edit(request, { by, comment, waiting })
  metrics.ran(report)
  return { report, resources, resource: null, changes: [] }
}

/** With the resource as it is then, so that whoever changed it may go on from there. */
async function editOne(context: ServerContext, asked: Edit, editing: Editing): Promise<Answer> {
  const answer = await edit(context, [asked], editing)
  const [about] = answer.resources
  if (about === undefined || answer.report.state !== 'applied' || asked.action === 'delete') return answer
  const resource = await context.repository.resource(about.entityType, about.resourceId)
  return { ...answer, resource: resource ?? null }
}

/** The version that a header `If-Match` names; a weak one promises less than an edit needs. */
function versionIn(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined || header === '*') return undefined
  const version = /^"([^"]*)"$/.exec(String(header))?.[1]
  if (version !== undefined) return version
  throw new RequestRefusedError('its header If-Match is neither one entity tag, in quotes, nor *')
}
