import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examplesIn } from './docs-examples.mjs'
import { inRoot } from './root.mjs'
import { run, tool } from './run.mjs'

/**
 * What stands around an example that is a part of something.
 *
 * @type {Record<string, readonly [string, string]>}
 */
const around = {
  Mutations: [
    `import { defineMachine } from '@flotilla/state'
     interface Board { cards: Record<string, { column: string; movedBy: string }> }
     export const board = defineMachine({ name: 'board', version: 1, initial: { cards: {} } as Board, mutations: {`,
    '} })',
  ],
  'A new version': [
    `import { defineMachine } from '@flotilla/state'
     import { todos as todosOfVersion1 } from './program.ts'
     interface Lists { readonly open: readonly string[]; readonly done: readonly string[] }
     const mutations = {}`,
    '',
  ],
  'A zustand store': [
    `import { replicate } from '@flotilla/react/zustand'
     import type { SharedState } from '@flotilla/state'
     import { create, type StateCreator } from 'zustand'
     interface Notes { readonly text: string }
     declare const creator: StateCreator<Notes>
     declare const state: SharedState`,
    'export { useNotes }',
  ],
}

test('an example is found with its language, its heading and its name', () => {
  const markdown =
    '# One\n\n**`a.ts`**: this\n\n```ts\nexport {}\n```\n\n```sh\nls\n```\n\n## Two\n\n```tsx\n<a />\n```\n'
  expect(examplesIn(markdown)).toEqual([
    { heading: 'One', language: 'ts', code: 'export {}\n', file: 'a.ts' },
    { heading: 'Two', language: 'tsx', code: '<a />\n', file: undefined },
  ])
})

test('the examples of the guide and of the README of react compile, as they stand', async () => {
  // Nothing else may have made it yet, as in a fresh clone.
  mkdirSync(inRoot('node_modules', '.cache'), { recursive: true })
  const folder = mkdtempSync(inRoot('node_modules', '.cache', 'docs-examples-'))
  try {
    const guide = examplesIn(readFileSync(inRoot('docs', 'guide.md'), 'utf8'))
    expect(guide.length).toBeGreaterThan(5)
    for (const [i, { heading, language, code, file }] of guide.entries()) {
      const [before, after] = around[heading] ?? ['', '']
      writeFileSync(join(folder, file ?? `guide-${i}.${language}`), `${before}\n${code}\n${after}\n`)
    }
    const [first] = examplesIn(readFileSync(inRoot('packages', 'react', 'README.md'), 'utf8'))
    writeFileSync(join(folder, 'react.tsx'), first?.code ?? '')
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
      include: ['*', inRoot('packages/webrtc-transport/src/simple-peer.d.ts')],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    /** @type {string[]} */
    const said = []
    await run(tool('typescript', ['-p', folder, '--pretty', 'false']), { onLine: line => said.push(line) })
    expect(said).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
