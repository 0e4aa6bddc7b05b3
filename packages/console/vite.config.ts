import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

export default defineConfig({
  plugins: [react(), compressed()],
  // Below whatever address a proxy has it: the server says in the page where that is.
  base: './',
  build: { target: 'es2023', chunkSizeWarningLimit: 1500 },
  server: { proxy: { '/api': 'http://127.0.0.1:8620' } },
})

/** Beside each file what browsers are sent of it: the server compresses nothing. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    async writeBundle({ dir = '' }, files) {
      for (const name of Object.keys(files).filter((one) => /\.(?:js|css)$/.test(one))) {
        const path = join(dir, name)
        const bytes = await readFile(path)
        await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes))
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes))
      }
    },
  }
}
