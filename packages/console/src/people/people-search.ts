/**
 * What the address of the page of people says: its tab, and the filters of the audit log.
 *
 * @module
 */

export const peopleTabs = ['accounts', 'tokens', 'sessions', 'audit'] as const
export type PeopleTab = (typeof peopleTabs)[number]

export interface PeopleSearch {
  readonly tab?: PeopleTab
  readonly who?: string
  readonly action?: string
  /** Days: `2026-11-30`. */
  readonly from?: string
  readonly to?: string
}

/** What is not understood is passed over. */
export function peopleSearch(given: Readonly<Record<string, unknown>>): PeopleSearch {
  const tab = peopleTabs.find((one) => one === given['tab'])
  const [who, action] = [textOf(given['who']), textOf(given['action'])]
  const [from, to] = [dayOf(given['from']), dayOf(given['to'])]
  return {
    ...(tab && { tab }),
    ...(who && { who }),
    ...(action && { action }),
    ...(from && { from }),
    ...(to && { to }),
  }
}

/** The router reads what looks like a number as one. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function dayOf(value: unknown): string {
  const isDay =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
  return isDay ? value : ''
}

/** The query of the server: days as the reader has them, the last one up to its end. */
export function auditQuery({ who, action, from, to }: PeopleSearch) {
  const startOf = (date: string, days: number) => {
    const time = new Date(`${date}T00:00:00`)
    time.setDate(time.getDate() + days)
    return time.toISOString()
  }
  return {
    ...(who === undefined ? {} : { who }),
    ...(action === undefined ? {} : { action }),
    ...(from === undefined ? {} : { from: startOf(from, 0) }),
    ...(to === undefined ? {} : { to: startOf(to, 1) }),
  }
}
