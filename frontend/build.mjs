// Builds the editor into static/js/editor/ and says in static/build-manifest.json what it was made from, so that
// `make check` can tell, without Node, whether the two are in step. Run `npm ci && npm run build`.
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const out = join(root, 'static', 'js', 'editor')

async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
}

async function hashes(paths) {
  const pairs = await Promise.all(
    paths.map(async (path) => [relative(root, path), createHash('sha256').update(await readFile(path)).digest('hex')]),
  )
  return Object.fromEntries(pairs)
}

/** Licences of what was bundled, each once. */
async function licences(inputs) {
  const folders = new Set()
  for (const input of Object.keys(inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (found) folders.add(join(here, found[1]))
  }
  const texts = []
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry))
    const text = file ? await readFile(join(folder, file), 'utf8') : `Licence: ${license}\n`
    texts.push(`${name} ${version}\n\n${text.trim()}\n`)
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/main.ts'],
  outfile: join(out, 'editor.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  metafile: true,
})
await writeFile(join(out, 'LICENSES.txt'), await licences(result.metafile.inputs))

const sources = [...(await files(join(here, 'src'))), join(here, 'package.json'), join(here, 'package-lock.json'), join(here, 'build.mjs')].sort()
const manifest = { sources: await hashes(sources), outputs: await hashes(await files(out)) }
await writeFile(join(root, 'static', 'build-manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)

const script = await readFile(join(out, 'editor.js'))
console.log(`editor.js ${(script.length / 1024).toFixed(0)} KB, ${(gzipSync(script).length / 1024).toFixed(0)} KB compressed`)
