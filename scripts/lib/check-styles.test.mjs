import { expect, test } from 'vitest'
import { checkStyles, layersIn, outsideLayers } from './check-styles.mjs'

test('layers are told in the order in which they are said', () => {
  expect(layersIn('/* why */\n@layer base, parts,\n  page;\n')).toEqual(['base', 'parts', 'page'])
})

test('a rule outside of every layer is told, and so is a layer that there is not', () => {
  const text = `/* .a { } */
@layer base { .b { color: red; } @media (min-width: 1px) { .c { color: red; } } }
.d { color: red; }
@layer bsae { .e { color: red; } }
@import 'f.css';`
  expect(outsideLayers(text, ['base'])).toEqual([
    '“.d” is in no layer, and so beats all that are',
    'there is no layer “bsae”',
    "“@import 'f.css';” is in no layer, and so beats all that are",
  ])
})

test('every style sheet of the applications says its layer', () => {
  expect(checkStyles()).toEqual([])
})
