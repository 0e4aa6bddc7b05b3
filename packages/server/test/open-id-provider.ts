/**
 * A real provider of OpenID Connect on loopback, and a person at a browser who signs in there.
 *
 * @module
 */
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

export interface Known {
  readonly name: string
  readonly groups: readonly string[]
}

export interface TestProvider extends AsyncDisposable {
  readonly issuer: string
  /** Who it knows, by subject; may change. */
  readonly people: Map<string, Known>
  /** To be called once it is known where people come back to. */
  register(client: { readonly secret: string; readonly redirectUri: string }): void
}

export async function startProvider(): Promise<TestProvider> {
  const people = new Map<string, Known>()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  return {
    issuer,
    people,
    register({ secret, redirectUri }) {
      const provider = new Provider(issuer, {
        clients: [{ client_id: 'sluice', client_secret: secret, redirect_uris: [redirectUri] }],
        claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
        cookies: { keys: ['only for tests'] },
        features: { devInteractions: { enabled: true } },
        async findAccount(_context, subject) {
          const person = people.get(subject)
          if (person === undefined) return undefined
          const { name, groups } = person
          const claims = async () => ({
            sub: subject,
            preferred_username: name,
            groups: [...groups],
            email: `${name}@example.org`,
          })
          return { accountId: subject, claims }
        },
      })
      server.on('request', provider.callback())
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Signs in at the provider and agrees to everything: returns the address to which the browser is sent back. */
export async function signInAt(authorization: string, subject: string, back: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = new URL(authorization)
  let form: URLSearchParams | undefined
  for (let steps = 0; steps < 12; steps += 1) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location !== null) {
      url = new URL(location, url)
      form = undefined
      if (url.href.startsWith(back)) return url
      continue
    }
    const page = await answer.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (prompt === undefined) throw new Error(`The provider answered ${answer.status}: ${page.slice(0, 500)}`)
    form = new URLSearchParams({ prompt, login: subject, password: 'anything' })
  }
  throw new Error('The provider never sends the browser back.')
}
