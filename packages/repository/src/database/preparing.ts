import type { Session } from './database.ts'

/** The same session, in which every statement is one that comes again (`QueryOptions.prepared`). */
export function preparing(session: Session): Session {
  return {
    query: (text, values, options) => session.query(text, values, { prepared: true, ...options }),
    execute: (text) => session.execute(text),
    copyFrom: (target, path, format, options) => session.copyFrom(target, path, format, options),
  }
}
