/** Finds words for people in a program's text. For a test: nothing of it is in the page. */
import { parseSync } from 'vite'

interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

/** Attributes that are read to people. */
const SPOKEN = new Set([
  'aria-label',
  'aria-valuetext',
  'aria-description',
  'aria-roledescription',
  'title',
  'alt',
  'placeholder',
  'label',
  'empty',
])

/** Several words, or one with a capital and no other inside, such as "Learn": not AppendEntries, not term, not M 4 5. */
const PROSE = /\p{L}\p{Ll}+[.,:;!?]? \p{L}|\{\} \p{Ll}{2}|\p{Ll}{2} \{\}|^\p{Lu}\p{Ll}+[.:?!]?$/u
const ANY_WORD = /\p{L}{2}/u

/** Names that are the same in every language; keys of a keyboard; and what CSS and SVG are written in. */
const NAMES = /^(Flotilla|Raft|Map|Set|Home|End|Escape|Enter|Delete|Backspace|Tab|Result|Space|Arrow|Esc|Unknown)$/
const CODE = /^[MmLlHhVvAaZz] ?-?[\d.{}]|;font:/

export function literalsIn(path: string, text: string): readonly string[] {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0]?.message}`)
  const found: string[] = []
  const note = (node: Node, words: string) => {
    const line = text.slice(0, node.start).split('\n').length
    found.push(`${line}: ${words.trim().replace(/\s+/g, ' ')}`)
  }
  visit(program as unknown as Node, { spoken: false, silent: false }, note)
  return found
}

interface Place {
  /** In an element or an attribute for people: every word counts. */
  readonly spoken: boolean
  /** For programs. */
  readonly silent: boolean
}

function visit(node: Node, place: Place, note: (node: Node, words: string) => void): void {
  const words = wordsOf(node)
  if (words !== undefined && !place.silent && counts(words, place.spoken)) note(node, words)
  if (node.type === 'TemplateLiteral') {
    for (const each of children(node, 'expressions')) visit(each, place, note)
    return
  }
  for (const [field, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visit(child, inside(node, field, place), note)
    }
  }
}

function inside(node: Node, field: string, place: Place): Place {
  switch (node.type) {
    case 'JSXAttribute':
      return attributeName(node).match(/^(aria-|title$|alt$|placeholder$|label$|empty$)/) &&
        SPOKEN.has(attributeName(node))
        ? { spoken: true, silent: false }
        : { spoken: false, silent: true }
    case 'JSXElement':
    case 'JSXFragment':
      return field === 'children' ? { spoken: true, silent: false } : { spoken: false, silent: false }
    // What is done when something happens is not said; what stands in an element is.
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return { spoken: false, silent: false }
    case 'CallExpression':
      return { spoken: false, silent: place.silent || isQuery(node) }
    case 'NewExpression':
      return { spoken: false, silent: place.silent || isError(node) }
    case 'MemberExpression':
      return { ...place, spoken: false }
    case 'ConditionalExpression':
      return field === 'test' ? { spoken: false, silent: true } : place
    case 'LogicalExpression':
      return field === 'left' && node.operator === '&&' ? { spoken: false, silent: true } : place
    case 'BinaryExpression':
      return node.operator === '+' ? place : { spoken: false, silent: true }
    case 'SwitchCase':
      return field === 'test' ? { spoken: false, silent: true } : place
    case 'Property':
      return field === 'key' ? { spoken: false, silent: true } : place
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ExportNamedDeclaration':
      return field === 'source' ? { spoken: false, silent: true } : place
    case 'ThrowStatement':
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAnnotation':
    case 'TSTypeParameterInstantiation':
      return { spoken: false, silent: true }
    default:
      return place
  }
}

function wordsOf(node: Node): string | undefined {
  if (node.type === 'JSXText') return String(node.value)
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type !== 'TemplateLiteral') return undefined
  return children(node, 'quasis')
    .map(quasi => String((quasi.value as { readonly cooked?: unknown }).cooked ?? ''))
    .join('{}')
}

function counts(words: string, spoken: boolean): boolean {
  const text = words.trim()
  if (NAMES.test(text)) return false
  if (spoken) return ANY_WORD.test(text.replaceAll('{}', ''))
  return PROSE.test(text) && !CODE.test(text)
}

const attributeName = (node: Node): string => (isNode(node.name) ? String(node.name.name) : '')

/** `document.querySelector('…')` and the like: written in CSS. */
const isQuery = (node: Node): boolean =>
  isNode(node.callee) &&
  /^(querySelector(All)?|closest|matches|matchMedia)$/.test(
    String(isNode(node.callee.property) ? node.callee.property.name : node.callee.name),
  )

const isError = (node: Node): boolean => isNode(node.callee) && /Error$/.test(String(node.callee.name))

const children = (node: Node, field: string): readonly Node[] => {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isNode) : []
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
