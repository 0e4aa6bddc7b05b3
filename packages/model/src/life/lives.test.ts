import { describe, expect, test } from 'vitest'
import { deliveryLife, deliveryStates, isAcknowledged, isUndecided } from './delivery-life.ts'
import { matchLife } from './match-life.ts'
import { notificationLife } from './notification-life.ts'
import { orderLife } from './order-life.ts'
import { runLife } from './run-life.ts'
import type { Life } from './state-table.ts'

function holdsTogether<State extends string, Event extends string>(life: Life<State, Event>): void {
  test('every cell is a state of it, or ignores the event', () => {
    for (const state of life.states) {
      for (const event of life.events) {
        const outcome = life.outcomeOf(event, state)
        expect([...life.states, 'ignored'], `${state} + ${event}`).toContain(outcome)
        expect(life.takes(state, event), `${state} + ${event}`).toBe(outcome !== 'ignored')
      }
    }
  })

  test('from a final state nothing leads anywhere', () => {
    expect(life.transitions.filter(({ from }) => life.final.includes(from))).toEqual([])
  })

  test('every state can be come to, and from every one an end', () => {
    expect(life.reachable()).toEqual(life.states)
    for (const state of life.open) {
      const left = life.transitions.filter(({ from, to }) => from === state && life.final.includes(to))
      expect(left, state).not.toEqual([])
    }
  })
}

// Whoever moves a row writes one state, without reading the row first.
function movesBlindly<State extends string, Event extends string>(life: Life<State, Event>): void {
  test('every event happens somewhere, and leads to one state', () => {
    for (const event of life.events) expect(life.states).toContain(life.destinationOf(event))
  })
}

describe('the life of a delivery', () => {
  holdsTogether(deliveryLife)
  movesBlindly(deliveryLife)

  test('is over but for what is announced, ready, held or put aside', () => {
    expect(deliveryLife.open).toEqual(['announced', 'ready', 'held', 'aside'])
  })

  test('is undecided until a run has looked at it', () => {
    expect(deliveryStates.filter(isUndecided)).toEqual(['announced', 'ready'])
  })

  test('says that the server has all of it only where there is no other way', () => {
    expect(deliveryStates.filter(isAcknowledged)).toEqual([
      'ready',
      'applied',
      'held',
      'aside',
      'rejected',
      'failed',
    ])
  })
})

describe('the life of a run', () => {
  holdsTogether(runLife)
  movesBlindly(runLife)

  test('is over but for what is at work or held', () => {
    expect(runLife.open).toEqual(['running', 'held'])
  })

  test('is decided, once it is held, by what decides about its delivery', () => {
    const leaving = (life: Pick<Life<string, string>, 'transitions'>) =>
      life.transitions.flatMap(({ from, event }) => (from === 'held' ? [event] : []))
    expect(leaving(runLife).sort()).toEqual(leaving(deliveryLife).sort())
  })

  test('is applied only where its delivery is', () => {
    const applying = (life: Pick<Life<string, string>, 'transitions'>) =>
      life.transitions.flatMap(({ event, to }) => (to === 'applied' ? [event] : []))
    expect(applying(runLife)).toEqual(applying(deliveryLife))
  })
})

describe('the life of a notification', () => {
  holdsTogether(notificationLife)
  movesBlindly(notificationLife)

  test('is over only where its receiver took it: what was given up can be tried again', () => {
    expect(notificationLife.final).toEqual(['sent'])
  })
})

describe('the life of what an order says', () => {
  holdsTogether(orderLife)

  test('is over only where somebody took it back, or says something newer: a source may always change its word', () => {
    expect(orderLife.final).toEqual(['cancelled', 'superseded'])
  })

  test('is contradicted once it was carried out and is no more, even where the source says what it said before', () => {
    expect(orderLife.outcomeOf('unchanged', 'executed')).toBe('contradicted')
    expect(orderLife.outcomeOf('unchanged', 'pending')).toBe('pending')
  })

  test('becomes overdue only where nothing has happened', () => {
    expect(orderLife.statesThatTake('missed')).toEqual(['pending'])
  })
})

describe('the life of a doubtful match', () => {
  test('never ends, for a row may come back: it can be come to every state, and from each goes on', () => {
    expect(matchLife.reachable()).toEqual(matchLife.states)
    expect(matchLife.final).toEqual([])
  })

  test('every event happens somewhere, and leads to one state', () => {
    for (const event of matchLife.events) expect(matchLife.states).toContain(matchLife.destinationOf(event))
  })

  test('is decided only while it waits, or is not carried out yet; what was carried out is taken back first', () => {
    expect(matchLife.statesThatTake('decided')).toEqual(['waiting', 'decided'])
    expect(matchLife.statesThatTake('undone')).toEqual(['decided', 'applied'])
  })

  test('keeps what was decided, whatever a run finds, as long as its resource is there', () => {
    for (const state of ['decided', 'applied'] as const) {
      expect(matchLife.takes(state, 'doubted')).toBe(false)
      expect(matchLife.takes(state, 'settled')).toBe(false)
      expect(matchLife.outcomeOf('vanished', state)).toBe('waiting')
    }
  })
})
