/**
 * The recipe of the documentation in a real nginx: a path before everything that the server has.
 */
import { readFile } from 'node:fs/promises'
import { routes } from '@sluice/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasNginx, type Nginx, openNginx } from '../../../../test/nginx.ts'
import {
  clientOf,
  createServerHarness,
  decided,
  deliver,
  type ServerHarness,
} from '../../test/server-harness.ts'

describe.skipIf(!hasNginx)('below the path that the recipe for nginx gives it', () => {
  let harness: ServerHarness
  let nginx: Nginx
  let there = { url: '' }

  beforeAll(async () => {
    harness = await createServerHarness()
    const server = await harness.serve()
    const page = await readFile(new URL('../../../../docs/agents-and-servers.md', import.meta.url), 'utf8')
    const recipe = /```nginx\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    nginx = await openNginx(recipe.replace('http://10.0.0.7:8620/', `${server.url}/`))
    there = { url: `${nginx.url}/sluice` }
  })
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]()
    await harness?.[Symbol.asyncDispose]()
  })

  test('agents deliver, and people ask', async () => {
    const { id } = await deliver(there, harness.secrets.agent, 'hr', ['Ada', 'Bob'])
    expect(await decided(there, harness.secrets.agent, id)).toMatchObject({ state: 'applied' })
    const { runs } = await clientOf(there, harness.secrets.viewer).call(routes.runs, { params: {} })
    expect(runs).toMatchObject([{ delivery: id }])
  })

  test.each(['/docs', '/docs/'])('the documentation has its parts, asked for as %s', async (path) => {
    const page = await fetch(`${there.url}${path}`)
    expect(page.status).toBe(200)
    expect(page.url).toBe(`${there.url}/docs/`)
    const parts = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part ?? '')
    expect(parts.length).toBeGreaterThan(3)
    for (const part of parts) expect((await fetch(new URL(part, page.url))).status, part).toBe(200)
  })

  test.each(['/openapi.json', '/docs/json'])('%s says where the API is from there', async (path) => {
    const answer = await fetch(`${there.url}${path}`)
    const { servers } = (await answer.json()) as { readonly servers: readonly { readonly url: string }[] }
    const base = new URL(servers[0]?.url ?? '', answer.url).href.replace(/\/$/, '')
    expect(base).toBe(there.url)
  })
})
