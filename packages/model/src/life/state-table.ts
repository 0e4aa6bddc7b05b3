/**
 * What can be asked of a table of states: a row's whole life in one place, from which queries, tests and the
 * documentation take their lists.
 *
 * A table says for every state what every event does to it. It has no gaps, so a state or an event that is added
 * does not compile before each of its cells is decided.
 *
 * @module
 */

/**
 * By state, then by event: the state it leads to, which may be the same one. `ignored` is not a way to stay: the event
 * cannot happen there, and whoever brings it changes nothing of the row.
 */
export type StateTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Record<Event, State | 'ignored'>>>
>

export interface Transition<State extends string, Event extends string> {
  readonly from: State
  readonly event: Event
  readonly to: State
}

export class Life<State extends string, Event extends string> {
  readonly states: readonly State[]
  readonly events: readonly Event[]
  /** The state of a new row. */
  readonly start: State
  /** Everything that can happen. */
  readonly transitions: readonly Transition<State, Event>[]
  /** States that some event leaves. */
  readonly open: readonly State[]
  /** States that none leaves: what is in one is over. */
  readonly final: readonly State[]
  readonly #table: StateTable<State, Event>

  constructor(of: {
    readonly states: readonly State[]
    readonly events: readonly Event[]
    readonly start: State
    readonly table: StateTable<State, Event>
  }) {
    const { states, events, start, table } = of
    this.states = states
    this.events = events
    this.start = start
    this.#table = table
    this.transitions = states.flatMap((from) =>
      events.flatMap((event) => {
        const to: State | 'ignored' = table[from][event]
        return happens(to) ? [{ from, event, to }] : []
      }),
    )
    const left = new Set(this.transitions.flatMap(({ from, to }) => (from === to ? [] : [from])))
    this.open = states.filter((state) => left.has(state))
    this.final = states.filter((state) => !left.has(state))
  }

  /** The cell of the table. */
  outcomeOf(event: Event, state: State): State | 'ignored' {
    return this.#table[state][event]
  }

  takes(state: State, event: Event): boolean {
    return happens(this.#table[state][event])
  }

  statesThatTake(event: Event): readonly State[] {
    return this.states.filter((state) => this.takes(state, event))
  }

  /** Where the event leads, for one that leads to the same state from everywhere. Throws for any other. */
  destinationOf(event: Event): State {
    const [to, ...others] = new Set(this.transitions.filter((one) => one.event === event).map(({ to }) => to))
    if (to === undefined || others.length > 0) throw new Error(`The event ${event} leads to no single state.`)
    return to
  }

  isOpen(state: State): boolean {
    return this.open.includes(state)
  }

  /** States that a row can come to; `without`: if that event never happened to it. */
  reachable(without?: Event): readonly State[] {
    const reached = new Set([this.start])
    // A set that grows while it is walked through is walked to its new end.
    for (const state of reached) {
      for (const { from, event, to } of this.transitions) {
        if (from === state && event !== without) reached.add(to)
      }
    }
    return this.states.filter((state) => reached.has(state))
  }

  /** States that tell that the event has happened: no way leads to them without it. */
  statesOnlyAfter(event: Event): readonly State[] {
    const without = new Set(this.reachable(event))
    return this.reachable().filter((state) => !without.has(state))
  }
}

function happens<State extends string>(outcome: State | 'ignored'): outcome is State {
  return outcome !== 'ignored'
}
