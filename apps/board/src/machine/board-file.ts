/** A board as a file of JSON, out and in again. What comes in is checked: it becomes everybody's. */
import { type Board, type Card, type Comment, MAX_COMMENTS, MAX_NOTES, MAX_TITLE } from './board.ts'

const FORMAT = 'flotilla-board'

export function boardFile(board: Board): string {
  return `${JSON.stringify({ format: FORMAT, version: 1, board }, undefined, 1)}\n`
}

/** Bytes of JSON. A change may have 256 KiB. */
const MAX_PART = 200_000
/** Of a card without its comments, which cannot be divided: before anything is sent, as the old board would be gone already. */
const MAX_CARD = 250_000

/** What follows the first part of a board: more of its cards, or more of one card’s comments. */
export type MorePart =
  | { readonly kind: 'cards'; readonly cards: Board['cards'] }
  | { readonly kind: 'comments'; readonly card: string; readonly comments: readonly Comment[] }

/**
 * As many changes as it takes, each after the one before: the first is a board by itself, the others are more of its cards. A card
 * that is too large for one change comes without its comments, which follow it.
 */
export function inParts(board: Board): { readonly first: Board; readonly rest: readonly MorePart[] } {
  const { cards, ...head } = board
  const small: (readonly [string, Card])[] = []
  const comments: MorePart[] = []
  for (const [id, card] of Object.entries(cards)) {
    if (bytesOf([id, card]) <= MAX_PART) {
      small.push([id, card])
      continue
    }
    small.push([id, { ...card, comments: [] }])
    for (const some of chunks(card.comments, 0)) comments.push({ kind: 'comments', card: id, comments: some })
  }
  const [first = [], ...more] = chunks(small, bytesOf(head))
  return {
    first: { ...board, cards: Object.fromEntries(first) },
    rest: [...more.map((some): MorePart => ({ kind: 'cards', cards: Object.fromEntries(some) })), ...comments],
  }
}

/** In their order, no chunk larger than a part. @param already the bytes that stand before the first of them */
function chunks<T>(items: readonly T[], already: number): readonly (readonly T[])[] {
  const all: T[][] = [[]]
  let length = already
  for (const item of items) {
    const more = bytesOf(item)
    if (length > 0 && length + more > MAX_PART) {
      all.push([])
      length = 0
    }
    length += more
    all.at(-1)?.push(item)
  }
  return all
}

const encoder = new TextEncoder()

/** With what stands between it and the next. */
const bytesOf = (value: unknown): number => encoder.encode(JSON.stringify(value)).byteLength + 1

/** A file that is no board: `message` says where it is not, for whoever chose it. */
export class NoBoard extends Error {
  override readonly name = 'NoBoard'
}

/** @throws NoBoard */
export function readBoardFile(content: string): Board {
  let file: unknown
  try {
    file = JSON.parse(content)
  } catch {
    throw new NoBoard('This file is no JSON.')
  }
  const { format, version, board } = record(file, 'the file')
  if (format !== FORMAT) throw new NoBoard('This is no exported board.')
  if (version !== 1) throw new NoBoard(`This board is of version ${String(version)}, which this page does not know.`)
  const { title, columns, cards } = record(board, 'board')
  const read: Board = {
    title: text(title, 'board.title', MAX_TITLE),
    columns: list(columns, 'board.columns', 100).map((column, i) => {
      const { id, name } = record(column, `board.columns[${i}]`)
      return { id: text(id, `board.columns[${i}].id`, 64), name: text(name, `board.columns[${i}].name`, MAX_TITLE) }
    }),
    cards: Object.fromEntries(
      Object.entries(record(cards, 'board.cards')).map(([id, card]) => [id, readCard(card, `board.cards.${id}`)]),
    ),
  }
  const ids = new Set(read.columns.map(({ id }) => id))
  for (const [id, card] of Object.entries(read.cards)) {
    if (!ids.has(card.column)) throw new NoBoard(`board.cards.${id}.column is a column that is not there.`)
    if (bytesOf([id, { ...card, comments: [] }]) > MAX_CARD)
      throw new NoBoard(`board.cards.${id} is too large to be sent: shorten its notes and steps in the file.`)
  }
  return read
}

function readCard(value: unknown, at: string): Card {
  const card = record(value, at)
  const { rank } = card
  if (typeof rank !== 'number' || !Number.isFinite(rank)) throw new NoBoard(`${at}.rank is no number.`)
  return {
    title: text(card.title, `${at}.title`, MAX_TITLE),
    notes: text(card.notes, `${at}.notes`, MAX_NOTES),
    column: text(card.column, `${at}.column`, 64),
    rank,
    assignee: text(card.assignee, `${at}.assignee`, MAX_TITLE),
    due: text(card.due, `${at}.due`, MAX_TITLE),
    steps: list(card.steps, `${at}.steps`, 100).map((step, i) => {
      const { id, text: what, done } = record(step, `${at}.steps[${i}]`)
      return {
        id: text(id, `${at}.steps[${i}].id`, 128),
        text: text(what, `${at}.steps[${i}].text`, MAX_TITLE),
        done: done === true,
      }
    }),
    comments: list(card.comments, `${at}.comments`, MAX_COMMENTS).map((comment, i) => {
      const { id, by, at: when, text: what } = record(comment, `${at}.comments[${i}]`)
      return {
        id: text(id, `${at}.comments[${i}].id`, 128),
        by: text(by, `${at}.comments[${i}].by`, 256),
        at: typeof when === 'number' && Number.isFinite(when) ? when : 0,
        text: text(what, `${at}.comments[${i}].text`, MAX_NOTES),
      }
    }),
    movedBy: text(card.movedBy, `${at}.movedBy`, 256),
    writtenBy: text(card.writtenBy, `${at}.writtenBy`, 256),
  }
}

function record(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NoBoard(`${at} is no object.`)
  return { ...value }
}

function list(value: unknown, at: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new NoBoard(`${at} is no list.`)
  if (value.length > most) throw new NoBoard(`${at} has more than ${most} entries.`)
  return value
}

function text(value: unknown, at: string, most: number): string {
  if (typeof value !== 'string') throw new NoBoard(`${at} is no text.`)
  if (value.length > most) throw new NoBoard(`${at} is longer than ${most} characters.`)
  return value
}
