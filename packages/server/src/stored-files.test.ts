/**
 * Files that resources have as values, through the API: saved as they were stored, and never shown as a page.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { databases } from '../../../test/databases.ts'
import { kindsOf } from '../../../test/thoroughness.ts'
import { ask, createServerHarness, type ServerHarness } from '../test/server-harness.ts'

const yaml = `
repository: ./repository
entityTypes:
  Document: { display: name, properties: { name: string, scan: file, pin: secret } }
  Lease: { extends: Document, properties: { until: date } }
`
const createdSchema = z.looseObject({ resources: z.array(z.looseObject({ resourceId: z.string() })) })

const bytes = Uint8Array.from({ length: 256 }, (_, n) => n)
const content = Buffer.from(bytes).toString('base64')

describe.each(kindsOf('stored files', databases))('on %s', (kind) => {
  let harness: ServerHarness
  let server: { readonly url: string }

  beforeAll(async () => {
    harness = await createServerHarness(kind, undefined, yaml)
    server = await harness.serve()
  })
  afterAll(() => harness[Symbol.asyncDispose]())

  async function create(scan: Readonly<Record<string, string>> | null): Promise<string> {
    const { body } = await ask(server, '/api/v1/resources/Lease', {
      method: 'POST',
      token: harness.secrets.editor,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'roof', scan, pin: '4711' }),
    })
    return createdSchema.parse(body).resources[0]?.resourceId ?? ''
  }

  async function download(path: string, token: string | undefined = harness.secrets.viewer) {
    const headers: Readonly<Record<string, string>> =
      token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await fetch(`${server.url}/api/v1/resources/${path}`, { headers })
    return {
      status: answer.status,
      headers: answer.headers,
      content: new Uint8Array(await answer.arrayBuffer()),
    }
  }

  test('a file comes as it was stored, under its name, with its media type; of a type that others extend, too', async () => {
    const id = await create({ content, name: 'Bläue "1".png', mediaType: 'image/png' })
    for (const type of ['Lease', 'Document']) {
      const found = await download(`${type}/${id}/files/scan`)
      expect(found.status).toBe(200)
      expect(found.content).toEqual(bytes)
      expect(found.headers.get('content-type')).toBe('image/png')
      expect(found.headers.get('content-disposition')).toBe(
        `attachment; filename="Bl_ue _1_.png"; filename*=UTF-8''Bl%C3%A4ue%20%221%22.png`,
      )
    }
  })

  test('what calls itself a page is saved all the same, and no media type breaks out of its header', async () => {
    const page = await download(
      `Lease/${await create({ content, name: '../x.html', mediaType: 'text/html' })}/files/scan`,
    )
    expect(page.headers.get('content-disposition')).toBe(
      `attachment; filename="x.html"; filename*=UTF-8''x.html`,
    )
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const odd = await download(
      `Lease/${await create({ content, mediaType: 'text/html; x=\u00e4' })}/files/scan`,
    )
    expect(odd.headers.get('content-type')).toBe('application/octet-stream')
    expect(odd.headers.get('content-disposition')).toBe('attachment')
  })

  test('who may not read resources gets no file, and a secret is none', async () => {
    const id = await create({ content, name: 'a.bin' })
    expect(await download(`Lease/${id}/files/scan`, harness.secrets.agent)).toMatchObject({ status: 403 })
    expect(await ask(server, `/api/v1/resources/Lease/${id}/files/scan`)).toMatchObject({ status: 401 })
    for (const property of ['pin', 'name', 'nothing'])
      expect(
        await ask(server, `/api/v1/resources/Lease/${id}/files/${property}`, {
          token: harness.secrets.viewer,
        }),
      ).toMatchObject({ status: 400, body: { code: 'SLUICE-REPOSITORY-12', details: { known: ['scan'] } } })
  })

  test('a resource without the file, and one that is not there, are not found', async () => {
    for (const id of [await create(null), '999999'])
      expect(await download(`Lease/${id}/files/scan`)).toMatchObject({ status: 404 })
  })
})
