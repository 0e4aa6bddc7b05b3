/**
 * A real nginx on loopback, with its own configuration and everything it writes in a folder of its own.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'

/** Debian's `nginx-light` is enough. */
export const hasNginx = spawnSync('nginx', ['-v']).status === 0

export interface Nginx extends AsyncDisposable {
  readonly url: string
  /** Starts it anew with another text, at the same address. */
  become(server: string): Promise<void>
}

/** @param server What stands in its block `server`, besides the address. */
export async function openNginx(server: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-nginx-'))
  const port = await freePort()
  let running = await start(folder, port, server)
  return {
    url: `http://127.0.0.1:${port}`,
    async become(other) {
      await stop(running)
      running = await start(folder, port, other)
    },
    async [Symbol.asyncDispose]() {
      await stop(running)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function start(folder: string, port: number, server: string): Promise<ChildProcess> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const text = `
    daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      server { listen 127.0.0.1:${port}; ${server} }
    }`
  await writeFile(join(folder, 'nginx.conf'), text)
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' })
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}.`)
    const answered = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).catch(() => undefined)
    if (answered !== undefined) return child
    await sleep(20)
  }
  throw new Error('nginx does not answer.')
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
