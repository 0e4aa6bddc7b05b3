/** What of the model is looked at, as it stands in the address. @module */
export interface ModelView {
  readonly as: 'diagram' | 'list'
  /** The type that is looked at closely. */
  readonly type: string | undefined
}

export interface ModelAddress {
  readonly as?: 'list'
  readonly type?: string
}

export function readModelView({ as, type }: Readonly<Record<string, unknown>>): ModelView {
  return { as: as === 'list' ? 'list' : 'diagram', type: typeof type === 'string' ? type : undefined }
}

/** Nothing of what is as usual. */
export function writeModelView({ as, type }: ModelView): ModelAddress {
  return { ...(as === 'list' ? { as } : {}), ...(type === undefined ? {} : { type }) }
}
