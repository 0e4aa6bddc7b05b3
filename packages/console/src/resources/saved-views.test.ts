import { describe, expect, test } from 'vitest'
import { putView, readViews, storeViews } from './saved-views.ts'

function storage() {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  }
}

describe('saved views', () => {
  test('are kept by console and type', () => {
    const place = storage()
    const views = putView([], { name: 'Third floor', address: { where: ['floor=3'] } })
    storeViews(place, 'https://a/', 'Person', views)
    expect(readViews(place, 'https://a/', 'Person')).toEqual(views)
    expect(readViews(place, 'https://b/', 'Person')).toEqual([])
    expect(readViews(place, 'https://a/', 'Server')).toEqual([])
  })

  test('have one of each name, in the order of the names', () => {
    const views = putView(putView([], { name: 'b', address: {} }), { name: 'a', address: {} })
    expect(putView(views, { name: 'b', address: { q: 'x' } })).toEqual([
      { name: 'a', address: {} },
      { name: 'b', address: { q: 'x' } },
    ])
  })

  test('that somebody has spoilt are passed over', () => {
    const place = storage()
    place.setItem('sluice views https://a/ Person', '[1, {"name": "x", "address": {"where": ["?"]}}]')
    expect(readViews(place, 'https://a/', 'Person')).toEqual([{ name: 'x', address: {} }])
    place.setItem('sluice views https://a/ Person', '{')
    expect(readViews(place, 'https://a/', 'Person')).toEqual([])
  })
})
