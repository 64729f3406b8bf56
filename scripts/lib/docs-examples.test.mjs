import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examplesIn, guide, readme } from './docs-examples.mjs'
import { inRoot } from './root.mjs'
import { run, tool } from './run.mjs'

/**
 * Whose READMEs begin with a program that runs in Node, and what it says. The others need a browser (`e2e/tests/docs.spec.ts`), but for:
 * edge-node, whose program is a service and ends with a signal (its own tests start it), nats-signaling and signaling-server,
 * which need servers that are not here and only make an object.
 */
const inNode = {
  client: /^\[ 'hello' \]$/,
  cluster: /^\[ 'hello', 'world' \]$/,
  core: /committed: entry 2 of term 1, command$/,
  simulator: /^seed 1: \d+ events in \d+ s, 0 violations\n[\s\S]*\n\[\]$/,
  state: /^\[\]\n\[ 'milk' \]\n[\s\S]*entry \d+ of the log$/,
  trace: /^Election Safety \d+ \[\]\n/,
}

test('an example is found with its language, its heading and its name', () => {
  const markdown =
    '# One\n\nThen **`a.ts`**: this\n\n```ts\nexport {}\n```\n\n```sh\nls\n```\n\n## Two\n\n```tsx\n<a />\n```\n'
  expect(examplesIn(markdown)).toEqual([
    { heading: 'One', language: 'ts', code: 'export {}\n', file: 'a.ts' },
    { heading: 'Two', language: 'tsx', code: '<a />\n', file: undefined },
  ])
})

describe('the examples of the guide, and the first of each README,', () => {
  let folder = ''

  beforeAll(() => {
    // Nothing else may have made it yet, as in a fresh clone.
    mkdirSync(inRoot('node_modules', '.cache'), { recursive: true })
    folder = mkdtempSync(inRoot('node_modules', '.cache', 'docs-examples-'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    mkdirSync(join(folder, 'next'))
    for (const { heading, code, file } of guide()) {
      if (file === undefined) throw new Error(`an example of the guide has no name: ${code}`)
      writeFileSync(join(folder, heading === 'A new version' ? 'next' : '.', file), code)
    }
    copyFileSync(inRoot('scripts', 'lib', 'fixtures', 'guide-on-nodes.ts'), join(folder, 'guide-on-nodes.ts'))
    for (const name of [...Object.keys(inNode), 'react', 'indexeddb-storage']) {
      const [{ code, language }] = readme(name)
      writeFileSync(join(folder, `readme-${name}.${language}`), code)
    }
    mkdirSync(join(folder, 'words'))
    for (const { file, code } of readme('browser-node'))
      if (file !== undefined) writeFileSync(join(folder, 'words', file), code)
    copyFileSync(inRoot('examples', 'traces', 'correct.jsonl'), join(folder, 'run.jsonl'))
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  test('compile, as they stand', async () => {
    const config = {
      extends: inRoot('tsconfig.base.json'),
      compilerOptions: {
        composite: false,
        declaration: false,
        declarationMap: false,
        noEmit: true,
        rewriteRelativeImportExtensions: false,
        jsx: 'react-jsx',
        lib: ['ESNext', 'DOM', 'DOM.Iterable'],
        types: ['node'],
        typeRoots: [inRoot('node_modules', '@types')],
      },
      include: ['*', 'next/*', 'words/*', inRoot('packages/webrtc-transport/src/simple-peer.d.ts')],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    /** @type {string[]} */
    const said = []
    await run(tool('typescript', ['-p', folder, '--pretty', 'false']), { onLine: line => said.push(line) })
    expect(said).toEqual([])
  })

  describe('run in Node:', () => {
    /** What each of them printed, by its file. */
    const said = new Map()

    // In one process, one after the other: most of their time is that of loading what they stand on.
    beforeAll(async () => {
      const files = ['guide-on-nodes', ...Object.keys(inNode).map(name => `readme-${name}`)]
      const program = files.map(file => `console.log('<${file}>')\nawait import('./${file}.ts')`)
      writeFileSync(join(folder, 'run-all.mjs'), program.join('\n'))
      /** @type {string[]} */
      let lines = []
      const code = await run([process.execPath, '--conditions=source', '--import', 'tsx', 'run-all.mjs'], {
        cwd: folder,
        onLine: line => {
          const file = /^<(.*)>$/.exec(line)?.[1]
          if (file === undefined) lines.push(line)
          else {
            lines = []
            said.set(file, lines)
          }
        },
      })
      expect(code).toBe(0)
    })

    test('the guide’s machines and its store do on nodes in memory what it says', () => {
      expect(said.get('guide-on-nodes')).toEqual([
        'a mutation was refused with its reason',
        'the room moved to version 2',
        'a store has what another set',
      ])
    })

    for (const [name, words] of Object.entries(inNode)) {
      test(`that of ${name}, as it stands`, () => {
        expect(said.get(`readme-${name}`)?.join('\n')).toMatch(words)
      })
    }
  })
})
